"""Every sentence of the interface has its translation, and nothing else is in the catalogues."""

from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

import poetbot
from poetbot.errors import PoetBotError
from poetbot.locale import SOURCE, catalogue, keys, locale
from poetbot.messages import Message

PACKAGE = Path(poetbot.__file__).parent
OTHERS = [key for key in keys() if key != SOURCE]

# Where the errors that the page may show are raised.
ERRORS_IN_CATALOGUES = (
    "corpus/**.py",
    "documents/**.py",
    "isolated_process.py",
    "library/**.py",
    "locale/__init__.py",
    "overlap/**.py",
    "poets/**.py",
    "runs/**.py",
    "storage.py",
    "study/**.py",
    "training/**.py",
    "verse/**.py",
    "web/serving/poet_registry.py",
    "web/tabs/teach/**.py",
    "web/tabs/write/**.py",
    "writing/**.py",
)
ON_THE_COMMAND_LINE_ONLY = ("corpus/manifest.py", "corpus/manifest_*.py")
ERRORS = {"PoetBotError": None, "Failure": None, "NoSuchField": None}


@cache
def in_the_code() -> dict[tuple[str | None, str | tuple[str, ...]], str]:
    """What the code and the templates say to people, by context and message, with the file it is in."""
    found = extract_from_dir(
        PACKAGE,
        method_map=[("**.py", "python"), ("web/**.html", "jinja2")],
        keywords={**DEFAULT_KEYWORDS, "Message": None},
        options_map={"**.py": {"encoding": "utf-8"}, "web/**.html": {"encoding": "utf-8", "silent": "false"}},
    )
    errors = extract_from_dir(
        PACKAGE,
        method_map=[
            *((files, "ignore") for files in ON_THE_COMMAND_LINE_ONLY),
            *((files, "python") for files in ERRORS_IN_CATALOGUES),
        ],
        keywords=ERRORS,
        options_map={files: {"encoding": "utf-8"} for files in ERRORS_IN_CATALOGUES},
    )
    return {(context, message): file for file, _, message, _, context in chain(found, errors)}


@cache
def in_the_catalogue(key: str) -> dict[tuple[str | None, str | tuple[str, ...]], Entry]:
    return {(entry.context, entry.id): entry for entry in catalogue(key) if entry.id}


@pytest.mark.parametrize("key", OTHERS)
def test_every_sentence_is_translated(key: str) -> None:
    translated = {at for at, entry in in_the_catalogue(key).items() if entry.string and all(entry.string)}
    assert {at: file for at, file in in_the_code().items() if at not in translated} == {}


@pytest.mark.parametrize("key", OTHERS)
def test_every_translation_is_of_a_sentence_in_the_code(key: str) -> None:
    assert [at for at in in_the_catalogue(key) if at not in in_the_code()] == []


@pytest.mark.parametrize("key", OTHERS)
def test_a_translation_fills_in_what_its_sentence_names(key: str) -> None:
    for entry in in_the_catalogue(key).values():
        sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        for text in entry.string if isinstance(entry.string, tuple) else (entry.string,):
            assert named(text) <= set.union(*map(named, sources)), entry.id


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_sentence_stands_twice_in_a_catalogue() -> None:
    for key in OTHERS:
        parts = sorted((PACKAGE / "locale" / key / "LC_MESSAGES").glob("*.po"))
        lines = Counter(
            block.split("msgstr")[0] for part in parts for block in part.read_text("utf-8").split("\n\n")[1:]
        )
        assert [block for block, times in lines.items() if times > 1 and "msgid" in block] == []


def test_a_message_is_told_in_english_and_in_chinese() -> None:
    said = Message("{first} {second}", first=Message("a"), second="b")
    assert str(said) == "a b" and locale("en").say(said) == "a b"
    error = PoetBotError("There is no poet {name}.", name="zoe")
    assert str(error) == locale("en").say(error) == "There is no poet zoe."
    assert Message.from_json(said.as_json()) == said


def test_chinese_puts_its_own_signs_between_words_and_sentences() -> None:
    chinese = locale("zh")
    assert (chinese.name, chinese.code) == ("中文", "zh-CN")
    assert chinese.list(["一", "二"]) == "一、二"
    assert chinese.sentences(["一。", "二。"]) == "一。二。"
    assert chinese.aside("一") == "（一）"


def test_braces_in_a_finished_sentence_stay() -> None:
    assert str(PoetBotError("{name} is no JSON.")) == "{name} is no JSON."


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(PoetBotError, match="Choose one of en, zh"):
        locale("xx")
