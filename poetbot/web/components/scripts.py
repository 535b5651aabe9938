"""The scripts of a page: ES modules, put together for Gradio."""

import re
from pathlib import Path

from poetbot.web.serving.static_files import static_url

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |function |const |let )", re.MULTILINE)


def script(folder: Path, *modules: str) -> str:
    """Return modules of one folder, in the order in which they run, as a script for `gr.HTML(js_on_load=…)`.

    Gradio runs the script as one function with `element`, `props`, `trigger` and `watch`, which real modules could not
    see. So imports and exports are left out here, and no two modules may use the same name at their top level.
    """
    texts = ((folder / f"{module}.js").read_text(encoding="utf-8") for module in modules)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


def module(path: str, *events: str) -> str:
    """Return a script for `gr.HTML(js_on_load=…)` that loads an ES module of `web/` and calls its default export.

    The export gets `element` and `trigger` and returns a function, which is called with every value, also one that came
    while the module was loaded. Until then nothing can be clicked. `events` are those that it triggers; Gradio looks
    for their names in the script.
    """
    return (
        f"/* {' '.join(map(repr, events))} */ element.inert = true;"
        f"{_import(path)}.then((loaded) => {{"
        "const update = loaded.default({ element, trigger });"
        f"const show = () => props.value && update({_VALUE});"
        "element.inert = false; watch('value', show); show(); });"
    )


def receiver(path: str) -> str:
    """Return a script for `gr.HTML(js_on_load=…)` that calls the export `receive` of a module with every value.

    The module is loaded with the first value, which it has asked for, and not before its page is there.
    """
    return (
        f"watch('value', () => {{ const value = {_VALUE};"
        f"if (value) {_import(path)}.then((loaded) => loaded.receive(value)); }});"
    )


_VALUE = """(props.value?.startsWith?.('{"') ? JSON.parse(props.value) : props.value)"""


def _import(path: str) -> str:
    return f"import(new URL('{static_url(path)}', document.baseURI))"
