"""Modules put together as one script, and those of the app in particular."""

import re
from collections import Counter
from pathlib import Path

import pytest

from poetbot.web.components.scripts import script
from poetbot.web.tabs.write import poem_page

FOLDERS = {Path(page.__file__).parent: page.SCRIPTS for page in (poem_page,)}
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let) (\w+|[\[{][^=]*[\]}])", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:function|const|let) (\w+)", re.MULTILINE)
IMPORTED = re.compile(r"^import \{([^}]*)\} from \"\./(\w+)\.js\";$", re.MULTILINE)


def test_imports_and_exports_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("export const one = 1;\nexport async function two() {}\n", "utf-8")
    (tmp_path / "two.js").write_text('import {\n  one,\n  two,\n} from "./one.js";\n\ntwo(one);\n', "utf-8")
    assert script(tmp_path, "one", "two") == "const one = 1;\nasync function two() {}\n\n\ntwo(one);\n"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_modules_of_a_page_go_together(folder: Path) -> None:
    texts = {file.stem: file.read_text("utf-8") for file in folder.glob("*.js")}
    assert sorted(texts) == sorted(FOLDERS[folder])
    names = Counter(
        name
        for text in texts.values()
        for found in DECLARED.findall(text)
        for name in re.findall(r"\w+", found)
    )
    assert [name for name, times in names.items() if times > 1] == []
    for module, text in texts.items():
        assert text.count("\nimport ") == len(IMPORTED.findall(text)), module
        for imported, source in IMPORTED.findall(text):
            assert set(re.findall(r"\w+", imported)) <= set(EXPORTED.findall(texts[source])), (module, source)
