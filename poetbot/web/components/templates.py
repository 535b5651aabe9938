"""HTML from Jinja2 templates, which escape all values. A template is in the same folder as the code that fills it."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from poetbot.locale import Locale, locale

_WEB = Path(__file__).parents[1]


def render(template: str, language: Locale, /, **values: Any) -> Markup:
    """Return a template as safe HTML. `template` is its path in `web/`, such as `tabs/poets/list.html`.

    Templates call `_`, `ngettext` and `pgettext`, which are those of `language`, and know it as `language`. A name that
    is not among `values` raises `jinja2.UndefinedError`.
    """
    return Markup(_environment(language.key).get_template(template).render(**values))


def gradio_template(template: str, language: Locale, /, **values: Any) -> str:
    """Return a template as the `html_template` of a `gr.HTML`. Raises ValueError if Gradio would run anything in it."""
    html = render(template, language, **values)
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError(f"{template} holds a sign that Gradio's own templates would run.")
    return str(html)


def render_blocks(template: str, language: Locale, /, **values: Any) -> dict[str, Markup]:
    """Return the blocks of a template as safe HTML, by name. What a block imports, it imports itself."""
    found = _environment(language.key).get_template(template)
    context = found.new_context(values)
    return {name: Markup("".join(block(context)).strip()) for name, block in found.blocks.items()}


@cache
def _environment(key: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_WEB, _WEB.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language = locale(key)
    environment.globals |= {
        "_": language.gettext,
        "ngettext": language.ngettext,
        "pgettext": language.pgettext,
        "language": language,
    }
    environment.filters["thousands"] = "{:,}".format
    return environment
