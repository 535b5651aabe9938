"""The shelf as HTML: whatever a card says, it is shown as text or left out."""

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from poetbot.web.tabs.shelf.learning_curve import curve_html
from poetbot.web.tabs.shelf.view import Row, Whole, list_html, said_html, whole_html
from poetbot.web.tabs.shelf.words import ENGLISH_SHELF

XSS = "<script>document.title='broken in'</script>\"'><img src=x onerror=alert(1)>"
CARD: dict[str, Any] = {
    "recipe": {"name": "tiny"},
    "corpus": {
        "training_poems": 43,
        "training_characters": 28112,
        "licence": "mine",
        "authors": ["Ann (20)", "Ben (8)", "Cy (2)", "Di (1)", "Ed (1)"],
    },
    "parent": {"name": "english", "validation_bits_per_character": 2.38},
    "figures": {"validation_bits_per_character": 2.2},
    "training": {"when": "2026-11-22", "minutes": 3.0},
}
HISTORY = [
    {
        "epoch": n,
        "training_nats": 2 - n / 10,
        "validation_nats": 2.1 - n / 10,
        "validation_bits": 3.0,
        "sample": f"<b>{n}",
    }
    for n in range(1, 7)
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(XSS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.wrong += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href", "style")]


def harmless(html: str) -> None:
    tags = _Tags(html)
    assert not tags.found & {"script", "img", "a", "iframe", "object", "b"} and tags.wrong == []


def test_a_poet_is_shown_with_all_that_is_known() -> None:
    html = whole_html(Whole(Row("Emily", True, CARD, 40_700_000), HISTORY, [1, 2, 4], True), ENGLISH_SHELF)
    harmless(html)
    for said in (
        *(
            "43 poems, 28,112 characters, by Ann, Ben, Cy and 2 others",
            "mine",
            "2.20 bits a character; english needs 2.38",
        ),
        *(
            "2026-11-22, in 3 minutes",
            "40.7 MB",
            "with the text of its poems",
            "After pass 6, its last",
            "&lt;b&gt;4",
        ),
    ):
        assert said in html
    assert html.count("data-epoch=") == 3 and 'data-epoch="4"' in html
    assert "After pass 3" not in html and html.count("<polyline") == 2


def test_curiosities_lie_in_a_drawer_and_ones_own_poets_do_not() -> None:
    rows = [
        Row(name, own, CARD, 1) for name, own in (("english", False), ("story", False), ("nietzsche", True))
    ]
    html = list_html(rows, [], 30, ENGLISH_SHELF)
    harmless(html)
    above, _, drawer = html.partition('<details class="drawer">')
    assert 'data-poet="english"' in above and 'data-poet="nietzsche"' in above
    assert "Curiosities (1)" in drawer and 'data-poet="story"' in drawer and drawer.count("data-poet") == 1
    assert "drawer" not in list_html(rows[:1], [], 30, ENGLISH_SHELF)


def test_a_poet_of_small_letters_read_pieces_and_is_measured_by_the_letter() -> None:
    card = {
        **CARD,
        "recipe": {"name": "nietzsche", "pieces": "sections", "fold_case": True, "layers": 1},
        "figures": {"validation_bits_per_character": None, "validation_nats_per_token": 1.5764},
    }
    row = Row("nietzsche", True, card, 1)
    line = list_html([row], [], 30, ENGLISH_SHELF)
    assert " pieces, 1.58 nats a small letter" in line and "poems" not in line
    whole = whole_html(Whole(row, [], [], False), ENGLISH_SHELF)
    assert "1.58 nats a small letter" in whole and " pieces, " in whole
    words = {
        **card,
        "recipe": {"name": "story", "level": "words", "framing": "prefixes", "pieces": "sections"},
    }
    assert "1.58 nats a word" in list_html([Row("story", False, words, 1)], [], 30, ENGLISH_SHELF)


def test_a_poet_of_everybodys_is_neither_renamed_nor_deleted() -> None:
    html = whole_html(Whole(Row("english", False, CARD, 1), [], [], False), ENGLISH_SHELF)
    assert 'data-do="remove"' not in html and "new-name" not in html and 'data-do="pack"' in html


@given(
    st.dictionaries(
        st.sampled_from([*CARD, "name"]),
        json_values
        | st.dictionaries(
            st.sampled_from(
                [
                    "training_poems",
                    "training_characters",
                    "licence",
                    "authors",
                    "name",
                    "when",
                    "minutes",
                    "level",
                    "validation_bits_per_character",
                    "validation_nats_per_token",
                ]
            ),
            json_values,
        ),
    ),
    st.text(max_size=20),
)
def test_whatever_a_card_says_is_harmless(card: dict[str, Any], name: str) -> None:
    row = Row(name, True, card, 1)
    harmless(list_html([row], [("1-a", name)], 30, ENGLISH_SHELF))
    harmless(whole_html(Whole(row, [], [], True), ENGLISH_SHELF))


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["epoch", "training_nats", "validation_nats", "validation_bits", "sample"]),
            json_values,
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_whatever_a_history_says_is_harmless(history: list[dict[str, Any]], of_words: bool) -> None:
    history = json.loads(json.dumps(history))
    harmless(whole_html(Whole(Row("a", True, {}, 1), history, [1, 2], False), ENGLISH_SHELF))
    harmless(curve_html(history, of_words, ENGLISH_SHELF))


def test_names_are_escaped_in_what_is_said() -> None:
    harmless(said_html(XSS, XSS, ENGLISH_SHELF))
