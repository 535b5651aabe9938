"""Makes the import of Gradio faster: without the stubs that it writes, and without pandas until something uses it.

Whenever it is imported, Gradio reads its own source files and writes a `.pyi` file for editors beside each. That takes half
of the import's time and can go wrong if two processes do it at once. It imports pandas for tables and plots, which PoetBot
does not have. tests/web/test_gradio_compat.py says what changed if an upgrade of Gradio makes this useless.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import LazyLoader
from types import ModuleType

STUBS = "gradio.component_meta"
STUB_WRITER = "create_or_modify_pyi"


class _WithoutStubs(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        setattr(module, STUB_WRITER, lambda *_: None)


class _Finder(MetaPathFinder):
    """Finds the two modules that are loaded differently; all others are left to the finders behind it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in (STUBS, "pandas"):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return spec
        if fullname == STUBS:
            spec.loader = _WithoutStubs(fullname, spec.loader.path)
        else:
            spec.loader = LazyLoader(spec.loader)
        return spec


def install() -> None:
    """Let Gradio be imported in this way from now on."""
    sys.meta_path.insert(0, _Finder())
