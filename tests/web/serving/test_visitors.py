"""Whose things they are: every tab asks one function for the home of a request."""

import re
from pathlib import Path

from poetbot.storage import Home
from poetbot.web.serving.visitors import Visitors

WEB = Path(__file__).resolve().parents[3] / "poetbot" / "web"


def test_on_this_machine_there_is_one_visitor(poetbot_home: Path) -> None:
    assert Visitors().home(None) == Home.default() == Home(poetbot_home)


def test_only_visitors_chooses_the_data_folder() -> None:
    # serve.py prepares the folder for temporary files before there are visitors, and sweeps it.
    finding = re.compile(r"Home\.default|user_data_path|POETBOT_HOME|\bHome\(")
    found = {file.name for file in WEB.rglob("*.py") if finding.search(file.read_text("utf-8"))}
    assert found == {"serve.py", "visitors.py"}
