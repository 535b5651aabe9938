"""The settings of a poem: they are saved with it, and come back when it is opened. A new page has the defaults.

The page's script (settings.js) is told what the controls are set to whenever that changes, and asks the server to set
them, because the server knows which poets there are.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NotRequired, TypedDict

import gradio as gr

from poetbot.corpus.chinese_scripts import SCRIPTS
from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.write.form_panel import FormFields, fields_of
from poetbot.web.tabs.write.tab import (
    Controls,
    PoemSettings,
    blend_controls,
    control_updates,
    default_settings,
    length_of_receipt,
    poets,
    settings_of_poet,
)
from poetbot.writing import NAMED, Form, sources_of
from poetbot.writing.forms import CHINESE, NO_RHYME_BOOK
from poetbot.writing.theme import MAX_TEXT

_TELL_PAGE = """(...values) => {
  const page = document.querySelector('#page .poem-page');
  if (!page) return;
  page.controls = Object.fromEntries(NAMES.map((name, number) => [name, values[number]]));
  page.defaults ??= page.controls;
  page.dispatchEvent(new Event('controls'));
}"""
_BOUNDS: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0.05, 1),
    "lines": (0, 10_000),
    "rng": (0, 2**32 - 1),
    "guard": (0, 1_000),
    "second_weight": (0.001, 1_000),
    "third_weight": (0.001, 1_000),
}
_MAX_FIELD = 200  # characters of a field of the form panel


@dataclass(frozen=True)
class OpenedPoem:
    """A poem that is opened: the settings saved with it, or else its receipt and poet. A new page has none of them."""

    settings: dict[str, Any] | None = None
    receipt: dict[str, Any] | None = None
    poet: str = ""


class Restored(TypedDict):
    """The form that was set, the theme, and what the reader should know."""

    form: dict[str, Any]
    theme: dict[str, str]
    notice: NotRequired[str]


def wire(controls: Controls, shelf: PoetRegistry, language: Locale) -> None:
    """Connect the controls with the page, in both directions."""
    names = json.dumps([field.name for field in fields(PoemSettings)])
    # Without triggers: when the page is loaded, and when one of the inputs changes.
    gr.on(
        fn=None,
        inputs=list(controls.settings),
        js=_TELL_PAGE.replace("NAMES", names),
        queue=False,
        api_visibility="private",
        trigger_mode="multiple",
    )
    page, handlers = controls.page, Handlers(shelf, language)
    page.mailbox("settings-answers").on(
        page.html.settings,
        handlers.restore,
        OpenedPoem,
        outputs=controls.settings,
        trigger_mode="multiple",
    )


@dataclass(frozen=True)
class Handlers:
    """What the event calls."""

    shelf: PoetRegistry
    language: Locale

    def restore(self, message: OpenedPoem, visitor: gr.Request | None = None) -> tuple[Any, ...]:
        """Set the controls as the poem was written, and return its form. The page sets the first words itself."""
        found = message.settings
        if found is None:
            found = settings_of_receipt(message.receipt, message.poet)
        shelf = self.shelf.of(visitor)
        form = found.get("form")
        if isinstance(form, Mapping):  # which had it in poems saved before
            found = {"real_words": form.get("real_words"), **found}
        settings = checked_settings(found, default_settings(shelf, self.language))
        wanted = settings["poet"]
        updates = {"poet": poets(self.shelf, wanted, visitor, self.language)}
        updates |= blend_controls(shelf, self.language, settings)
        answer = Restored(form=asdict(_form(form)), theme=theme_fields(found.get("theme")))
        if wanted and not shelf.has(wanted):
            _ = self.language.gettext
            sentences = [_("{poet}, the poet of this poem, no longer exists here.", poet=wanted)]
            if instead := shelf.default(self.language):
                sentences.append(_("{poet} is set instead.", poet=instead))
            answer["notice"] = self.language.sentences(sentences)
        elif missing := [
            each for each in (settings["second"], settings["third"]) if each and not shelf.has(each)
        ]:
            answer["notice"] = self.language.gettext(
                "{poet}, which wrote this poem together with another poet, isn't one of your poets.",
                poet=missing[0],
            )
        del settings["seed"]
        return answer, *control_updates(settings | updates, self.language)


def checked_settings(saved: Mapping[str, Any], defaults: PoemSettings) -> dict[str, Any]:
    """Return saved settings, which may come from a file; whatever is missing or out of bounds has its default."""
    found = asdict(defaults)
    for name, default in found.items():
        value = saved.get(name)
        if name in _BOUNDS:
            least, most = _BOUNDS[name]
            kinds = (int, float) if type(default) is float else (int,)
            if type(value) in kinds and least <= value <= most:  # type: ignore[operator]
                found[name] = value
        elif name == "script":
            found[name] = value if value in SCRIPTS else default
        elif isinstance(value, bool if type(default) is bool else str):
            found[name] = value
    return found


def settings_of_receipt(receipt: Mapping[str, Any] | None, poet: str) -> dict[str, Any]:
    """Return the settings of a poem that was saved without them, as far as its receipt and its poet tell."""
    found = settings_of_poet(poet) if poet else {}
    try:
        sources = sources_of(receipt) if receipt else []
        if not sources:
            return found
        last = sources[-1]
        length = next((length_of_receipt(source) for source in sources if source.get("lines")), None)
        form = fields_of(Form.from_json(last.get("form") or {}))
    except (PoetBotError, TypeError):  # a receipt from outside
        return found
    kept = {name: last.get(name) for name in ("temperature", "top_p", "rng", "guard", "script")}
    kept["real_words"] = last.get("real_words") is True
    described = {"lines": length, "form": asdict(form), "theme": last.get("theme")}
    return settings_of_poet(str(last.get("poet"))) | found | kept | described


def theme_fields(saved: Any) -> dict[str, str]:
    """Return the fields of a theme; those that aren't sound are empty."""
    given = saved if isinstance(saved, Mapping) else {}
    return {
        name: given[name] if isinstance(given.get(name), str) and len(given[name]) <= MAX_TEXT else ""
        for name in ("about", "avoid")
    }


def _form(saved: Any) -> FormFields:
    """Return the fields of the form panel; those that aren't sound are empty."""
    if not isinstance(saved, dict):
        return FormFields()
    found = asdict(FormFields())
    for name, empty in found.items():
        value = saved.get(name)
        if type(value) is type(empty):
            found[name] = value[:_MAX_FIELD] if isinstance(value, str) else value
    if found["name"] in CHINESE and "rhyme_book" not in saved:  # from before there were rhyme books
        found["rhyme_book"] = NO_RHYME_BOOK
    return FormFields(**found) if found["name"] in NAMED else FormFields()
