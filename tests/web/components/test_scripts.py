"""Modules put together as one script."""

from pathlib import Path

from poetbot.web.components.scripts import script


def test_imports_and_exports_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("export const one = 1;\nexport async function two() {}\n", "utf-8")
    (tmp_path / "two.js").write_text('import {\n  one,\n  two,\n} from "./one.js";\n\ntwo(one);\n', "utf-8")
    assert script(tmp_path, "one", "two") == "const one = 1;\nasync function two() {}\n\n\ntwo(one);\n"
