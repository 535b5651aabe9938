"""The ES modules of a tab put together as one file, so that a page asks for one and not for a dozen.

A module of a tab that has a default export is served with the modules of its folder that it imports. Those of other
folders stay modules of their own, because several tabs share them.
"""

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |function |const |let )", re.MULTILINE)
_AGAIN = re.compile(r'^export (\{[^}]*\}) from "\./[^"]+";$', re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)


def is_bundled(file: Path) -> bool:
    """Return whether a module is served together with those that it imports."""
    return (
        file.parent.parent.name == "tabs"
        and file.suffix == ".js"
        and _DEFAULT.search(file.read_text("utf-8")) is not None
    )


@cache
def bundle(file: Path) -> str:
    """Return a module and all modules of its folder that it imports, in the order in which a browser would run them.

    They share one scope, so no two of them may use the same name at their top level.
    """
    texts: dict[Path, str] = {}
    shared: dict[str, set[str]] = {}

    def add(module: Path) -> None:
        text = module.read_text("utf-8")
        texts[module] = ""  # it is being read: modules may import each other
        for names, source in _IMPORT.findall(text):
            if not source.startswith("./"):
                shared.setdefault(source, set()).update(
                    name.strip() for name in names.split(",") if name.strip()
                )
            elif (imported := module.parent / source) not in texts:
                add(imported)
        del texts[module]
        texts[module] = _IMPORT.sub("", text)  # after the modules that it imports

    add(file)
    imports = [
        f'import {{ {", ".join(sorted(names))} }} from "{source}";\n'
        for source, names in sorted(shared.items())
    ]
    main = _AGAIN.sub(r"export \1;", texts.pop(file))
    return "".join([*imports, *(_EXPORT.sub("", text) for text in texts.values()), main])
