"""A corpus by a manifest: each rule leaves out what it should, and what is held out stays out in every guise."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from poetbot.corpus import manifest_corpus
from poetbot.corpus.manifest import HeldOut, Manifest, Rules
from poetbot.corpus.manifest_corpus import authors_of, gather, without_note_marks
from poetbot.corpus.slurs import STEMS
from poetbot.errors import PoetBotError
from poetbot.verse.dictionary import all_words

OAK = """The oak that stood beside the mill
Has lost its crown of gold,
And down the lane and up the hill
The evening air is cold.

I knew the miller and his wife,
Their seven sons I knew,
And every one has left this life
As leaves in autumn do."""
BOAT = """A boat with neither sail nor oar
Came drifting in at dawn,
And no one stood upon the shore
To see the stranger yawn."""
LAMP = """The lamp is low, the street is long,
The rain has come to stay,
And someone hums a market song
Two gardens down the way."""
DIALECT = """Dey's comin' down de road dis mawnin',
An' de dawg is barkin' loud,
An' mah po' ol' hat is tawn an' dusty
F'om de trompin' ob de crowd."""
RULES = Rules(fewest_lines=3, most_odd_words=0.1, scenes=False, slurs=False, editors_signs=False)
WORDS = frozenset(all_words())


@pytest.fixture
def books(tmp_path: Path):
    def write(**files: list[tuple[str, str | None]]) -> Manifest:
        for name, poems in files.items():
            rows = [
                json.dumps({"text": text, "author": author} if author else {"text": text})
                for text, author in poems
            ]
            (tmp_path / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
        return Manifest("mine", tuple(f"{name}.jsonl" for name in files), rules=RULES)

    return write


def texts(found: manifest_corpus.Gathered) -> list[str]:
    return [poem.text for poem in found.poems]


def test_each_rule_leaves_out_what_it_should(books, tmp_path: Path) -> None:
    slur = LAMP.replace("someone", sorted(STEMS)[0])
    manifest = books(
        one=[(OAK, None), ("A line\nand another", None), (DIALECT, None), (slur, None)],
        two=[(BOAT + "\n\n{See page 9.", None)],
    )
    found = gather(manifest, tmp_path, WORDS)
    assert texts(found) == [OAK]
    assert {reason: count[0] for reason, count in found.left_out.items()} == {
        manifest_corpus.TOO_SHORT: 1,
        manifest_corpus.SIGNS: 1,
        manifest_corpus.ODD: 1,
        manifest_corpus.SLUR: 1,
    }
    assert found.read == (
        5,
        sum(len(text) for text in (OAK, "A line\nand another", DIALECT, slur, BOAT + "\n\n{See page 9.")),
    )
    assert found.books == {"one.jsonl": (1, len(OAK)), "two.jsonl": (0, 0)}
    assert found.poems[0].source == "one.jsonl"


def test_without_rules_everything_is_included(books, tmp_path: Path) -> None:
    manifest = replace(books(one=[(OAK, None), ("One line", None), (DIALECT, None)]), rules=Rules())
    assert texts(gather(manifest, tmp_path)) == [OAK, "One line", DIALECT]


def test_footnote_marks_and_stanza_numbers_are_removed(books, tmp_path: Path) -> None:
    noted = "I.\n" + OAK.replace("gold,", "gold,[12]").replace("knew,", "knew, [Footnote 3]") + "\n\n1911."
    assert texts(gather(books(one=[(noted, None)]), tmp_path, WORDS)) == [OAK]
    assert without_note_marks("a [b] {331b} c[A]; <11.2> [see] [oe]x") == "a c; [see] [oe]x"


def test_of_near_duplicates_the_longest_is_kept(books, tmp_path: Path) -> None:
    manifest = books(one=[(OAK.split("\n\n")[0], "A"), (BOAT, "B")], two=[(OAK, "A"), (OAK.upper(), "A")])
    found = gather(manifest, tmp_path, WORDS)
    assert texts(found) == [BOAT, OAK]
    assert found.left_out == {manifest_corpus.REPEATED: (2, len(OAK.split("\n\n")[0]) + len(OAK))}


def test_variants_of_unseen_poems_are_left_out_too(books, tmp_path: Path) -> None:
    variant = OAK.replace("gold", "green").replace("seven", "eleven")
    around = LAMP + "\n\n" + variant + "\n\n" + BOAT
    manifest = books(one=[(BOAT, None)], two=[(variant, "Somebody"), (around, None)], kept=[(OAK, None)])
    manifest = replace(manifest, files=manifest.files[:2], unseen=("kept.jsonl",))
    found = gather(manifest, tmp_path, WORDS)
    assert found.left_out[manifest_corpus.UNSEEN][0] == 3  # the boat too: the anthology ties it to the oak
    assert texts(found) == []


def test_held_out_authors_are_unchanged_and_their_poems_are_not_trained_on(books, tmp_path: Path) -> None:
    held = "Anna Writer"
    rules = replace(RULES, seldom=2)
    manifest = books(
        one=[(DIALECT, held), (OAK, held)],
        two=[(OAK + "\n\nAnd so do I.", "Someone"), (LAMP, "B"), (BOAT, "B")],
    )
    found = gather(replace(manifest, hold_out=(held,), rules=replace(rules, seldom=1)), tmp_path, WORDS)
    assert texts(found) == [DIALECT, OAK, LAMP, BOAT]
    assert found.left_out == {manifest_corpus.HELD: (1, len(OAK + "\n\nAnd so do I."))}
    assert authors_of(found.poems) == [(held, len(DIALECT + OAK)), ("B", len(LAMP + BOAT))]
    seldom = gather(replace(manifest, hold_out=(held,), rules=replace(rules, seldom=9)), tmp_path, WORDS)
    assert texts(seldom) == [DIALECT, OAK]


def test_a_share_is_drawn_from_its_files_and_held_out(books, tmp_path: Path) -> None:
    manifest = books(
        old=[(OAK, None), (BOAT, None)], new=[(OAK.replace("gold", "green"), None), (LAMP, None)]
    )
    manifest = replace(manifest, held_out=HeldOut(("old.jsonl",), 0.5, 0))
    seen = []

    def first(poems):
        seen.extend(poem.text for poem in poems)
        return poems[:1]

    found = gather(manifest, tmp_path, WORDS, first)
    assert seen == [OAK, BOAT]
    assert [poem.text for poem in found.held_out] == [OAK]
    assert texts(found) == [BOAT, LAMP]
    assert found.left_out[manifest_corpus.HELD][0] == 2


def test_regular_verse_is_laid_out_and_counted(books, tmp_path: Path) -> None:
    poem, other = "门前小河水，日夜向东流。来人都不见，唯有白沙鸥。", "门前河水，日夜向东流。"
    manifest = replace(books(one=[(poem, None), (other, None)]), rules=Rules(regular=(5,)))
    found = gather(manifest, tmp_path)
    assert texts(found) == ["门前小河水，\n日夜向东流。\n来人都不见，\n唯有白沙鸥。"]
    assert found.left_out == {manifest_corpus.IRREGULAR: (1, len(other))}


def test_a_missing_book_is_an_error(books, tmp_path: Path) -> None:
    manifest = replace(books(one=[(OAK, None)]), files=("one.jsonl", "none.txt"))
    with pytest.raises(PoetBotError, match=r"none\.txt"):
        gather(manifest, tmp_path, WORDS)
