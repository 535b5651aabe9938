"""Short scripts for `gr.HTML(js_on_load=…)` that load the ES modules of a page."""

from poetbot.web.serving.static_files import static_url


def module(path: str, *events: str) -> str:
    """Return a script for `gr.HTML(js_on_load=…)` that loads an ES module of `web/` and calls its default export.

    The export gets `element` and `trigger` and returns a function, which is called with every value, including one that
    came while the module was being loaded. Until then nothing can be clicked. `events` are those that it triggers; Gradio looks
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

    The module is loaded when the first value comes: it is an answer to the module, whose page is there by then.
    """
    return (
        f"watch('value', () => {{ const value = {_VALUE};"
        f"if (value) {_import(path)}.then((loaded) => loaded.receive(value)); }});"
    )


_VALUE = """(props.value?.startsWith?.('{"') ? JSON.parse(props.value) : props.value)"""


def _import(path: str) -> str:
    return f"import(new URL('{static_url(path)}', document.baseURI))"
