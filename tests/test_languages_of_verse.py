"""Verse in other languages goes the whole way: found in a text, read, written on from, compared, counted and drawn.

The lines are of our own making. Composed and decomposed accents are the same characters everywhere.
"""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from poetbot.corpus.loading import parse_file
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import load, save_card, save_network
from poetbot.poets.network import tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.study import cloud, count_words, top
from poetbot.writing import Request, write

VERSE = {
    "French": (
        "La fenêtre où l'été s'éveille\nA gardé ton nom dans le givre,\nEt la lampe, près d'une abeille,\nLit à mi-voix le même livre.",
        "près d'une abeille, lit à mi-voix",
        "fenêtre",
    ),
    "German": (
        "Im Flur, da stehn die nassen Schuh,\nDie Tür ist grün, der Abend weiß,\nEin Käfer hört dem Regen zu\nUnd zählt die Tropfen müd und leis.",
        "ein Käfer hört dem Regen zu",
        "käfer",
    ),
    "Spanish": (
        "El niño guardó en la cigüeña\nUn corazón de papel y canción,\nY la mañana, que aún no sueña,\nLe abrió despacio el balcón.",
        "y la mañana, que aún no sueña",
        "mañana",
    ),
    "Russian": (
        "Ещё не спит пустой трамвай,\nИ ёлка в окнах за рекой,\nА чайник свой допил уж чай\nИ дышит тёплой тишиной.",
        "и ёлка в окнах за рекой",
        "ёлка",
    ),
    "Chinese": (
        "小桥灯下数归舟，\n一夜西风到客楼。\n莫问江心多少月，\n且留半盏照人愁。",
        "莫问江心多少月",
        "月",
    ),
}
FORMS = ("NFC", "NFD")
LANGUAGES = pytest.mark.parametrize("language", VERSE)


def book_of(verse: str, *, prose: str = "") -> str:
    return f"{prose}\n\n\n\nI.\n\n{verse}\n\n\n\nII.\n\n{verse.replace(chr(10), ' ' + chr(10), 1)}\n"


@LANGUAGES
def test_verse_is_found_in_a_text_alike_however_its_accents_are_written(language: str) -> None:
    verse = VERSE[language][0]
    found = [
        parse_file(unicodedata.normalize(form, book_of(verse)).encode(), "verse.txt").poems for form in FORMS
    ]
    assert [poem.text for poem in found[0]] == [poem.text for poem in found[1]]
    assert found[0][0].text.strip() == unicodedata.normalize("NFC", verse)


@LANGUAGES
def test_a_poet_reads_first_words_alike_however_their_accents_are_written(
    language: str, tmp_path: Path
) -> None:
    verse = VERSE[language][0]
    recipe = Recipe(layers=1, units=8)
    vocabulary = Vocabulary("".join(sorted({*verse, *"\n +"})))
    rng = np.random.default_rng(3)
    tensors = {
        name: rng.normal(0, 0.4, shape).astype(np.float32)
        for name, shape in tensor_shapes(recipe, len(vocabulary)).items()
    }
    save_network(tmp_path / "poet", recipe, vocabulary, tensors)
    save_card(tmp_path / "poet", {"name": "poet", "recipe": recipe.as_json()})
    poet, seed = load(tmp_path / "poet"), verse.split("\n")[0]
    poems = [write(poet, Request(unicodedata.normalize(form, seed), rng=1, characters=20)) for form in FORMS]
    assert poems[0].text == poems[1].text and poems[0].text.startswith(seed)
    assert poems[0].notices == poems[1].notices == ()


@LANGUAGES
@pytest.mark.parametrize("read", FORMS)
@pytest.mark.parametrize("given", FORMS)
def test_what_is_shared_is_found_however_accents_are_written(language: str, read: str, given: str) -> None:
    verse, quoted, _ = VERSE[language]
    (poem,) = parse_file(unicodedata.normalize(read, verse).encode() + b"\n", "verse.txt").poems
    text = unicodedata.normalize(given, f"{quoted}, {quoted.upper()}")
    found = report(OverlapIndex.build([poem]), text, 0)
    assert [span["words"] for span in found["spans"]] == 2 * [found["words"] // 2]
    assert found["longest"]["words"] == found["words"] // 2 >= 6
    span = found["spans"][0]
    assert unicodedata.normalize("NFC", text[span["start"] : span["end"]]) == quoted


@LANGUAGES
def test_words_are_counted_and_drawn_however_accents_are_written(language: str) -> None:
    verse, _, word = VERSE[language]
    composed, decomposed = (count_words([unicodedata.normalize(form, verse)], common=True) for form in FORMS)
    assert composed == decomposed and composed[word] == 1
    assert word in [each for each, _, _ in top(composed, 100)]
    if language != "Chinese":  # which needs a font of the machine; tests/study/test_fonts.py
        drawn = cloud(composed, width=320, height=200, dark=False, rng=np.random.default_rng(0))
        assert len(drawn.convert("L").getcolors()) > 10


@pytest.mark.parametrize(
    ("name", "poems", "words"),
    [
        ("de_heine_buch_der_lieder_pg3498.txt", 20, {"liebe", "herz", "augen"}),
        ("es_dario_prosas_profanas_pg47650.txt", 3, {"amor"}),
        ("fr_baudelaire_fleurs_du_mal_pg6099.txt", 10, {"âme", "île"}),
        ("ru_pushkin_onegin.txt", 10, {"онегин"}),
    ],
)
def test_books_of_verse_are_read(shared: Path, name: str, poems: int, words: set[str]) -> None:
    text = (shared / "data" / "other_languages" / name).read_text("utf-8")[:120_000]
    found = parse_file(unicodedata.normalize("NFD", text).encode(), name).poems
    assert len(found) >= poems
    counts = count_words([poem.text for poem in found], common=True)
    assert words <= counts.keys()
    index = OverlapIndex.build(found)
    lines = [line for line in found[len(found) // 2].text.split("\n") if len(line.split()) >= 4]
    again = report(index, unicodedata.normalize("NFD", lines[1]), 0)
    assert again["fourgrams"]["share_novel"] == 0 and again["longest"]["words"] == again["words"]
