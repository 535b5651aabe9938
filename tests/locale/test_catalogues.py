"""Every sentence of the interface has its translation, and nothing else is in the catalogues."""

import gettext
from functools import cache
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo

from poetbot.errors import PoetBotError
from poetbot.locale import SOURCE, keys, locale, po_path
from poetbot.locale.po_file import translations_of
from poetbot.locale.update import as_po, catalogue, sentences, updated
from poetbot.messages import Message

OTHERS = [key for key in keys() if key != SOURCE]


@cache
def in_the_code() -> dict[tuple[str | None, str | tuple[str, ...]], str]:
    """What the code and the templates say to people, by context and message, with the file it is in."""
    return {(context, message): file for file, message, context in sentences()}


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


@pytest.mark.parametrize("key", OTHERS)
def test_an_update_changes_nothing_in_a_catalogue_that_is_up_to_date(key: str) -> None:
    assert po_path(key).read_bytes() == as_po(updated(key))


@pytest.mark.parametrize("key", OTHERS)
def test_the_page_says_what_babel_reads_in_the_catalogue(key: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(key))
    compiled.seek(0)
    expected = gettext.GNUTranslations(compiled)
    found = translations_of(po_path(key).read_text("utf-8"))
    (ours, theirs) = (vars(each)["_catalog"] for each in (found, expected))
    assert len(ours) > 1000 and {**ours, "": ""} == {**theirs, "": ""}  # Babel adds to the header
    assert [vars(found)["plural"](n) for n in range(30)] == [vars(expected)["plural"](n) for n in range(30)]


def test_a_catalogue_has_contexts_plurals_escapes_and_doubts() -> None:
    text = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

# a note
msgctxt "of time"
msgid "second"
msgstr "seconde"

msgid "{n} \\"poem\\"\\n"
msgid_plural ""
"{n} "
"poems"
msgstr[0] "{n} poème"
msgstr[1] "{n} poèmes"

#, fuzzy
msgid "fuzzy"
msgstr "flou"

msgid "left"
msgstr ""
"""
    french = translations_of(text)
    assert french.pgettext("of time", "second") == "seconde" and french.gettext("second") == "second"
    assert [french.ngettext('{n} "poem"\n', "{n} poems", n) for n in (1, 2)] == ["{n} poème", "{n} poèmes"]
    assert (french.gettext("fuzzy"), french.gettext("left")) == ("fuzzy", "left")


def test_a_new_language_begins_with_every_sentence_untranslated() -> None:
    new = updated("fr")
    assert {(entry.context, entry.id) for entry in new if entry.id} == set(in_the_code())
    assert not any(entry.string and any(entry.string) for entry in new if entry.id)


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
