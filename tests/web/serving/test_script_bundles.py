"""The modules of a tab, put together as one."""

import re
from collections import Counter
from pathlib import Path

import pytest

from poetbot.web.serving.script_bundles import bundle, is_bundled
from poetbot.web.serving.static_files import WEB

ENTRIES = [file for file in sorted(WEB.glob("tabs/*/*.js")) if is_bundled(file)]


def test_a_module_comes_behind_those_that_it_imports(tmp_path: Path) -> None:
    for name, text in (
        (
            "main",
            'import { one } from "./one.js";\n\nexport { two } from "./two.js";\nimport "./three.js";\n\nexport default () => one;\n',
        ),
        ("three", "one();\n"),
        (
            "one",
            'import {\n  two,\n} from "./two.js";\nimport { a } from "../a.js";\n\nexport let one = two + a;\n',
        ),
        (
            "two",
            'import { one } from "./one.js";\nimport { b } from "../a.js";\n\nexport const two = () => one + b;\n',
        ),
    ):
        (tmp_path / f"{name}.js").write_text(text, "utf-8")
    assert " ".join(bundle(tmp_path / "main.js").split()) == (
        'import { a, b } from "../a.js"; const two = () => one + b; let one = two + a; one();'
        " export { two }; export default () => one;"
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda file: file.name)
def test_modules_of_a_bundle_share_a_scope(entry: Path) -> None:
    text = bundle(entry)
    names = Counter(
        re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE)
    )
    assert [name for name, times in names.items() if times > 1] == []
    assert 'from "./' not in text and text.count("export default") == 1
