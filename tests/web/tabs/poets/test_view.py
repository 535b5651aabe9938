"""The Poets tab as HTML: whatever a card says is shown as text or left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.poem import UNKNOWN_AUTHOR
from poetbot.poets.folder import BUNDLED, CURIOSITIES
from poetbot.study.history import Epoch
from poetbot.web.tabs.poets.view import ListedPoet, PoetDetails, details_html, list_html, message_html
from tests.web.tabs.poets.hostile_values import XSS, harmless, json_values

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
    "training": {"when": "2026-11-22", "minutes": 3.0, "earlier": {"minutes": 4.1}},
}
HISTORY = [Epoch(n, None, None, 2 - n / 10, 2.1 - n / 10, None, None, None, f"<b>{n}") for n in range(1, 7)]
ENGLISH = locale("en")


def test_details_show_every_fact() -> None:
    html = details_html(
        PoetDetails(ListedPoet("Emily", True, CARD, 40_700_000), HISTORY, [1, 2, 4], True), ENGLISH
    )
    harmless(html)
    for said in (
        *(
            "43 poems, 28,112 characters, by Ann, Ben, Cy and 2 others",
            "mine",
            "2.20 bits per character (english: 2.38)",
        ),
        *(
            "2026-11-22, 7.1 minutes",
            "40.7 MB",
            "Include its training poems",
            "After epoch 6, the last one",
            "&lt;b&gt;4",
        ),
    ):
        assert said in html
    assert html.count("data-epoch=") == 3 and 'data-epoch="4"' in html
    assert "After epoch 3" not in html and html.count("<polyline") == 2


def test_a_poet_based_on_another_says_what_it_was_trained_on_first() -> None:
    parent = CARD["parent"] | {"training_poems": 30521}
    html = list_html([ListedPoet("mine", True, CARD | {"parent": parent}, 1)], [], 30, ENGLISH)
    assert "based on english, trained on its 30,521 poems first, then on 43 poems" in html


def test_an_unknown_author_is_not_named() -> None:
    corpus = CARD["corpus"] | {"authors": [f"{UNKNOWN_AUTHOR} (20)"]}
    html = details_html(
        PoetDetails(ListedPoet("mine", True, CARD | {"corpus": corpus}, 1), [], [], True), ENGLISH
    )
    assert "43 poems, 28,112 characters<" in html
    corpus["authors"].append("Ann (8)")
    html = details_html(
        PoetDetails(ListedPoet("mine", True, CARD | {"corpus": corpus}, 1), [], [], True), ENGLISH
    )
    assert "28,112 characters, by Ann<" in html


def test_curiosities_are_in_a_drawer_and_own_poets_are_not() -> None:
    rows = [
        ListedPoet(name, own, CARD, 1)
        for name, own in (("english", False), ("story", False), ("nietzsche", True))
    ]
    html = list_html(rows, [], 30, ENGLISH)
    harmless(html)
    above, _, drawer = html.partition('<details class="drawer">')
    assert 'data-poet="english"' in above and 'data-poet="nietzsche"' in above
    assert "Curiosities (1)" in drawer and 'data-poet="story"' in drawer and drawer.count("data-poet") == 1
    assert "drawer" not in list_html(rows[:1], [], 30, ENGLISH)


def test_units_of_poets_of_lowercase_letters_and_of_words() -> None:
    card = {
        **CARD,
        "recipe": {"name": "nietzsche", "pieces": "sections", "fold_case": True, "layers": 1},
        "figures": {"validation_bits_per_character": None, "validation_nats_per_token": 1.5764},
    }
    row = ListedPoet("nietzsche", True, card, 1)
    line = list_html([row], [], 30, ENGLISH)
    assert line.count("43 passages") == 1 and "43 poems" not in line and "2.27" not in line
    details = details_html(PoetDetails(row, [], [], False), ENGLISH)
    assert "2.27 bits per lowercase letter" in details and " passages, " in details
    words = {
        **card,
        "recipe": {"name": "story", "level": "words", "framing": "prefixes", "pieces": "sections"},
    }
    assert "2.27 bits per word" in details_html(
        PoetDetails(ListedPoet("story", False, words, 1), [], [], False), ENGLISH
    )


def test_an_included_poet_has_no_buttons_to_rename_or_delete_it() -> None:
    html = details_html(PoetDetails(ListedPoet("english", False, CARD, 1), [], [], False), ENGLISH)
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
def test_any_card_gives_harmless_html(card: dict[str, Any], name: str) -> None:
    row = ListedPoet(name, True, card, 1)
    harmless(list_html([row], [("1-a", name)], 30, ENGLISH))
    harmless(details_html(PoetDetails(row, [], [], True), ENGLISH))


def test_names_are_escaped_in_messages() -> None:
    harmless(message_html(XSS, XSS, ENGLISH))


@pytest.mark.parametrize(
    ("recipe", "network"),
    [
        ({}, "one-hot input, 3 LSTM layers of 300 units"),
        (
            {"layers": 1, "units": 128, "cell": "gru", "fold_case": True},
            "one-hot input (lowercase only), 1 GRU layer of 128 units",
        ),
        (
            {"embedding": 400, "tied": True, "units": 400},
            "embeddings of 400 dimensions, 3 LSTM layers of 400 units, output weights tied to the embeddings",
        ),
    ],
)
def test_a_network_is_described_from_input_to_output(recipe: dict[str, Any], network: str) -> None:
    poet = ListedPoet("a", False, {"recipe": {"name": "a", **recipe}}, 1)
    assert f"<dd>{network}</dd>" in details_html(PoetDetails(poet, [], [], False), ENGLISH)


@pytest.mark.parametrize("name", CURIOSITIES)
def test_the_curiosities_have_a_network_in_every_language(name: str) -> None:
    card = json.loads((BUNDLED / name / "poet.json").read_text("utf-8"))
    poet = ListedPoet(name, False, card, 1)
    english, chinese = (
        details_html(PoetDetails(poet, [], [], False), language) for language in (ENGLISH, locale("zh"))
    )
    assert (
        "can&#39;t be read" not in english
        and "<dt>Network</dt>" in english
        and "<dt>网络结构</dt>" in chinese
    )
