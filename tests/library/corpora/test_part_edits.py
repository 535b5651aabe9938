"""Parts whose title, author or text a person edited: what is trained and counted is what they wrote."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, create_corpus
from poetbot.library.corpora import part_edits as module
from poetbot.library.corpora.metadata import Metadata
from poetbot.library.corpora.part_edits import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Edit,
    PartKey,
    dedent,
    edit,
    part_slices,
)
from poetbot.library.corpora.results import PartText
from poetbot.storage import Home

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
OTHER = "The rain is on the roof tonight,\nThe dog is at the door,\nAnd nobody has struck a light\nOr swept the kitchen floor."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)
BOOK = f"A SONG\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\nANOTHER\n\n{OTHER}\n"
INDENTED = [poem.replace("\n", "\n  ") for poem in (SONG, OTHER)]
NUMBERED = f"FERRIES\n\n\nI\n\n  {INDENTED[0]}\n\nII\n\n  {INDENTED[1]}\n"


@pytest.fixture
def home(poetbot_home: Path) -> Home:
    return Home(poetbot_home)


def brought(home: Home, name: str, text: str | bytes) -> Corpus:
    corpus = create_corpus(home, {name: text if isinstance(text, bytes) else text.encode()})
    corpus.read()
    return corpus


def part(corpus: Corpus, words: str) -> PartKey:
    """The first part of the file that has these words."""
    record = corpus.results()
    for number, row in enumerate(record.rows):
        if words in record.text(row, 10**6)[1]:
            return record.key(number)
    raise LookupError(words)


def poems(corpus: Corpus) -> list[tuple[str, str | None, str | None]]:
    return [(poem.text, poem.title, poem.author) for poem in corpus.poems()]


def written(title: str, author: str, text: str, goes_on: str = "") -> PartText:
    return PartText(title, author, text, goes_on)


def test_edited_text_is_trained_on_and_counted(home: Home) -> None:
    corpus = brought(home, "book.txt", BOOK)
    lamp = part(corpus, "kettle")
    assert corpus.part(lamp) == written("A SONG", "", SONG)
    corpus.edit(lamp, edit(text=f"\n{SONG}  \r\nAnd nobody came.\n\n"))
    assert corpus.is_stale()
    longer = f"{SONG}\nAnd nobody came."
    assert poems(corpus) == [(longer, "A SONG", None), (OTHER, "ANOTHER", None)]
    assert corpus.summary().counts.lines == 9
    assert corpus.summary().counts.characters == len(longer) + len(OTHER)
    corpus.edit(lamp, edit(title=" The\nStove ", author="A. Writer"))
    assert poems(corpus)[0] == (longer, "The Stove", "A. Writer")
    assert corpus.part(lamp) == written("The Stove", "A. Writer", longer)
    corpus.edit(lamp, edit(title="", author=""))
    assert poems(corpus)[0] == (longer, None, None)
    corpus.restore(lamp)
    assert poems(corpus)[0] == (SONG, "A SONG", None) and not corpus.state().edits


def test_an_edited_part_can_be_excluded_and_included(home: Home) -> None:
    corpus = brought(home, "book.txt", BOOK)
    prose = part(corpus, "ferry")
    corpus.edit(prose, edit(text="No ferry,\nagain.", title="Hill"))
    assert (
        poems(corpus) == [(SONG, "A SONG", None), (OTHER, "ANOTHER", None)]
        and corpus.summary().counts.prose == 2
    )
    number = corpus.results().number(prose)
    corpus.set_included({number: True})
    assert poems(corpus)[1] == ("No ferry,\nagain.", "Hill", None)
    corpus.set_included({corpus.results().number(prose): False})
    assert len(poems(corpus)) == 2
    corpus.set_included({corpus.results().number(prose): None})
    assert len(poems(corpus)) == 2 and corpus.part(prose).text == "No ferry,\nagain."


def test_an_edit_survives_another_way_of_reading(home: Home) -> None:
    corpus = brought(home, "book.txt", BOOK)
    prose = part(corpus, "ferry")
    corpus.edit(prose, edit(text="No ferry."))
    corpus.set_reading(Reading.POEMS)
    assert poems(corpus)[0][0].endswith("king.\n\nNo ferry.")
    corpus.set_reading(Reading.SECTIONS)
    assert "No ferry." in [text for text, *_ in poems(corpus)]
    corpus.set_reading(Reading.FILTER)
    other = brought(home, "other.txt", OTHER)
    assert not other.state().edits and corpus.part(prose).text == "No ferry."
    song = part(corpus, "kettle")
    corpus.edit(song, edit(text="Only this."))
    assert corpus.poems()[0].text == "Only this."
    # Where the part has other words, the edit waits.
    (corpus.folder / "files" / "0000.txt").write_text(BOOK.replace("kettle", "pot"), "utf-8")
    corpus.set_reading(Reading.POEMS)
    assert corpus.poems()[0].text.startswith(SONG.replace("kettle", "pot"))
    with pytest.raises(PoetBotError, match="part no longer exists"):
        corpus.part(song)
    (corpus.folder / "files" / "0000.txt").write_text(BOOK, "utf-8")
    corpus.set_reading(Reading.FILTER)
    assert corpus.poems()[0].text == "Only this."


def test_records_keep_their_edits_when_fields_and_tags_are_chosen(home: Home) -> None:
    table = brought(home, "poems.csv", b'text,wer,name\n"one\ntwo",Ada,First\n"three\nfour",Bob,Second\n')
    three = part(table, "three")
    assert table.part(three) == written("Second", "", "three\nfour")
    table.edit(three, edit(text="three\nfive"))
    table.set_fields(FieldChoice(author="wer"))
    assert poems(table)[1] == ("three\nfive", "Second", "Bob")  # what was not edited is as it is found
    table.edit(three, edit(author="Cid"))
    assert poems(table)[1] == ("three\nfive", "Second", "Cid")

    def post(tag: str, text: str) -> str:
        return (
            f"<item><title>T</title><content:encoded>{text}</content:encoded><wp:status>publish</wp:status>"
            f'<category domain="post_tag" nicename="{tag}">{tag}</category></item>'
        )

    head = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    )
    blog = brought(home, "blog.xml", f"{head}{post('diary', PROSE)}{post('poems', SONG)}</channel></rss>")
    blog.edit(part(blog, "kettle"), edit(title="Stove", text="Kettle,\nsing."))
    blog.set_fields(FieldChoice(tags=("poems",)))  # it was the second record and is the first now
    assert poems(blog) == [("Kettle,\nsing.", "Stove", None)]


def test_a_poem_of_several_parts_is_edited_part_by_part(home: Home) -> None:
    corpus = brought(home, "ferries.txt", NUMBERED)
    assert poems(corpus) == [(f"{SONG}\n\n{OTHER}", "FERRIES", None)]
    first, second = part(corpus, "kettle"), part(corpus, "roof")
    assert corpus.part(first) == written("FERRIES", "", SONG)
    assert corpus.part(second) == written("", "", OTHER, goes_on="FERRIES")
    corpus.edit(second, edit(text="Rain.\n\nMore rain."))
    assert poems(corpus) == [(f"{SONG}\n\nRain.\n\nMore rain.", "FERRIES", None)]
    assert corpus.part(first).text == SONG and corpus.part(second).text == "Rain.\n\nMore rain."
    corpus.edit(first, edit(text="Lamp.", title="Boats"))
    assert poems(corpus) == [("Lamp.\n\nRain.\n\nMore rain.", "Boats", None)]
    corpus.restore(second)
    assert poems(corpus) == [(f"Lamp.\n\n{OTHER}", "Boats", None)]


def test_a_part_with_its_own_title_begins_a_poem(home: Home) -> None:
    three = f"{NUMBERED}\n\nIII\n\n  One more, one more,\n  And then no more\n  Of lamp and roof\n  And kitchen floor.\n"
    corpus = brought(home, "ferries.txt", three)
    second = part(corpus, "roof tonight")
    corpus.edit(second, edit(title="Rain", author="B. Writer"))
    above, below = corpus.poems()
    assert (above.text, above.title, above.author) == (SONG, "FERRIES", None)
    assert below.text.startswith(f"{OTHER}\n\nOne more") and below.author == "B. Writer"
    assert above.start_line == 6 and above.end_line == 9 and (below.start_line, below.end_line) == (13, 24)
    assert corpus.part(second) == written("Rain", "B. Writer", OTHER)
    assert corpus.part(part(corpus, "One more")).goes_on == "Rain"
    corpus.edit(second, edit(title="", author=""))
    assert len(corpus.poems()) == 1 and corpus.part(second).goes_on == "FERRIES"


def test_the_editor_opens_with_the_text_for_training(home: Home) -> None:
    """Without what the edition added, as the poem has it, and not as the file does."""
    gutenberg = (
        "The Project Gutenberg eBook of Ferries\n\nTitle: Ferries\nAuthor: Ann Other\n\n"
        f"*** START OF THE PROJECT GUTENBERG EBOOK FERRIES ***\n\n\n\nRAIN\n\n{OTHER.replace('roof', '_roof_')}     5\n\n\n"
        "*** END OF THE PROJECT GUTENBERG EBOOK FERRIES ***\n"
    )
    corpus = brought(home, "gutenberg.txt", gutenberg)
    assert corpus.part(part(corpus, "_roof_")) == written("RAIN", "Ann Other", OTHER)


def test_the_author_for_all_can_be_removed(home: Home) -> None:
    corpus = create_corpus(home, {"a.txt": f"A SONG\n\n{SONG}\n".encode()}, author="A. Writer")
    corpus.read()
    key = part(corpus, "kettle")
    assert corpus.part(key).author == "A. Writer"
    corpus.edit(key, edit(author=""))
    assert poems(corpus) == [(SONG, "A SONG", None)]


def test_edits_create_and_remove_duplicates(home: Home) -> None:
    corpus = brought(home, "poems.json", json.dumps([SONG, f"{SONG}\n\nOnce more.", OTHER]))
    assert corpus.summary().counts.repeated == 1
    gone = corpus.results().key(0)
    corpus.edit(gone, edit(text="Two other lines\nstand here now."))
    assert poems(corpus)[0][0] == "Two other lines\nstand here now."
    corpus.edit(corpus.results().key(2), edit(text=f"{SONG}\n\nOnce more."))
    assert corpus.read().counts.repeated == 1 and len(corpus.poems()) == 2


def test_a_large_corpus_can_be_edited(home: Home) -> None:
    """It is read in a process of its own, which is told the edits."""
    text = "\n\n\n\n\n".join(f"POEM {n}\n\n{SONG.replace('king', f'king {n}')}" for n in range(1_500))
    corpus = brought(home, "large.txt", text)
    assert not corpus.state().small()
    corpus.edit(part(corpus, "king 7."), edit(text="Seven.", author="Ä"))
    assert corpus.poems()[0].text == "Seven." and corpus.poems()[0].author == "Ä"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": " \n\t\0\u3000"}, "text is empty"),
        ({"text": "a" * (LONGEST_TEXT + 1)}, "at most 1,000,000"),
        ({"text": "a line\n++++\nanother"}, "No line can end"),
        ({"title": "t" * (LONGEST_NAME + 1)}, "title can have"),
        ({"author": "a" * (LONGEST_NAME + 1)}, "author can have"),
    ],
)
def test_invalid_edits_are_errors(typed: dict[str, str], says: str) -> None:
    with pytest.raises(PoetBotError, match=says):
        edit(**typed)


def test_edits_are_limited_and_nothing_is_lost_at_the_limit(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = brought(home, "book.txt", BOOK)
    first, second = part(corpus, "kettle"), part(corpus, "roof")
    monkeypatch.setattr(module, "MOST_EDITED", 1_000)
    corpus.edit(first, edit(text="a" * 700))
    with pytest.raises(PoetBotError, match="characters in all"):
        corpus.edit(second, edit(text="a" * 700))
    corpus.edit(first, edit(text="b" * 800))  # one that is edited again counts once
    assert corpus.poems()[0].text == "b" * 800 and corpus.poems()[1].text == OTHER


def test_a_part_that_is_too_long_is_an_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from poetbot.library.corpora import results as record

    corpus = brought(home, "book.txt", BOOK)
    monkeypatch.setattr(record, "LONGEST_TEXT", 40)
    with pytest.raises(PoetBotError, match="Edit the file itself"):
        corpus.part(part(corpus, "kettle"))


@pytest.mark.parametrize(
    "said", ["", "1-2-3", "0-1-1-zzzzzzzzzzzzzzzz", "../x", None, 7, ["0"], "0" * 10_000]
)
def test_invalid_part_names_are_errors(said: object) -> None:
    with pytest.raises(PoetBotError, match="part no longer exists"):
        PartKey.of(said)
    key = PartKey(0, 12, 3, 2**64 - 1)
    assert PartKey.of(str(key)) == key


def test_metadata_keeps_edits_and_reads_older_formats() -> None:
    key = PartKey(0, 3, 3, 5)
    state = Metadata("a", (), 1.0, edits={key: Edit("T", None, "x\ny")})
    data = json.loads(json.dumps(state.as_json()))
    assert Metadata.from_json(data) == state and state.key() != Metadata("a", (), 1.0).key()
    del data["edits"]  # version 0.1 had none
    assert Metadata.from_json(data).edits == {}
    for bad in ([[1]], [[0, 1, 1, 1, 3, None, None]], [[0, 1, 1, 1, "\ud800", None, None]], {"a": 1}, 3):
        with pytest.raises(PoetBotError, match="Add its files again"):
            Metadata.from_json({**data, "edits": bad})


@given(st.lists(st.lists(st.sampled_from(["one", "two", "  three"]), min_size=1, max_size=3), min_size=1))
def test_the_parts_of_a_poem_are_found_in_it(parts: list[list[str]]) -> None:
    lines = "\n\n".join("\n".join(part) for part in parts).split("\n")
    found = part_slices("\n".join(lines), [len(part) for part in parts])
    assert found is not None
    assert [lines[first:end] for first, end in found] == parts


def test_parts_not_found_in_their_poem_are_used_as_they_are() -> None:
    from poetbot.library.corpora.part_edits import apply_edits
    from poetbot.poem import Poem

    assert part_slices("one\ntwo", [1, 2]) is None
    ((_, made),) = apply_edits(Poem("one\ntwo"), [Edit(text="new"), None], ["  one", "  a note\n    two  "])
    assert made.text == "new\n\na note\n  two"
    assert dedent("") == ""
