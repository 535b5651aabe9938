"""The page of the Write tab before it holds a poem."""

import re
from pathlib import Path

import pytest

from poetbot.locale import keys, locale
from poetbot.web.tabs.write import poem_page
from poetbot.web.tabs.write.form_panel import form_names
from poetbot.writing import NAMED

LANGUAGE = locale("en")
CODE = "".join(file.read_text("utf-8") for file in Path(poem_page.__file__).parent.glob("*.js"))


def html(*, in_browser: bool = False) -> str:
    return str(poem_page.page(LANGUAGE, in_browser=in_browser, example=True).html.html_template)


def test_the_page_holds_every_text_that_its_scripts_show() -> None:
    page = html()
    names = {
        re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", name)
        for name in re.findall(r"texts\.(\w+)", CODE)
    }
    assert len(names) > 20
    assert {name for name in names if f'data-{name}="' not in page} == set()


def test_the_page_holds_no_text_that_its_scripts_do_not_show() -> None:
    root = html().partition(">")[0]
    names = {
        re.sub(r"-(\w)", lambda found: found[1].upper(), name) for name in re.findall(r"data-([\w-]+)=", root)
    }
    assert {name for name in names if f"texts.{name}" not in CODE} == set()


@pytest.mark.parametrize("key", keys())
def test_every_form_has_a_label(key: str) -> None:
    assert [name for name, label, _ in form_names(locale(key)) if label] == list(NAMED)


def test_only_a_page_whose_poems_stay_in_the_browser_says_so() -> None:
    here, elsewhere = (html(in_browser=each) for each in (False, True))
    assert 'data-store="server"' in here and 'data-store="browser"' in elsewhere
    assert "in this browser only" in elsewhere and "in this browser only" not in here


def test_every_button_has_an_action() -> None:
    wanted = set(re.findall(r'data-do="([\w-]+)"', html()))
    found = {
        name
        for block in re.findall(r"Object\.assign\(actions, \{\n(.*?)\n\}\);", CODE, re.DOTALL)
        for name in re.findall(r'^  "?([\w-]+)"?[:,]', block, re.MULTILINE)
    }
    found |= {name for pair in re.findall(r'actions(?:\.(\w+)|\["([\w-]+)"\]) =', CODE) for name in pair}
    assert wanted <= found


def test_the_messages_in_the_scripts_are_those_of_the_server() -> None:
    described = {
        name: set(re.findall(r"(\w+)\??:", fields))
        for fields, name in re.findall(r"@typedef \{\{(.*?)\}\} (\w+)", CODE, re.DOTALL)
    }
    for message in (poem_page.InProgress, poem_page.Drafting, poem_page.Finished, poem_page.Empty):
        assert described[message.__name__] == set(message.__annotations__)
