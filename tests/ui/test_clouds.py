"""The tab with the clouds, without a browser."""

from pathlib import Path

from poetbot.ui.clouds import clouds_html
from poetbot.ui.session import Kept, Session
from poetbot.ui.shelf import Shelf
from poetbot.ui.words import ENGLISH
from poetbot.writing import Request, write


def session_with_a_poem(shelf: Shelf) -> Session:
    session, request = Session(), Request("the lamp", rng=7, lines=6)
    session.keep(Kept(1, "tiny", request, write(shelf.poet("tiny"), request), None))
    return session


def test_both_clouds_and_their_tables_stand_side_by_side(poet_root: Path) -> None:
    shelf = Shelf(poet_root)
    html = clouds_html(shelf, session_with_a_poem(shelf), "tiny", False, ENGLISH)
    assert html.count("data:image/png;base64,") == 2 and html.count("<table>") == 2
    assert html != clouds_html(shelf, session_with_a_poem(shelf), "tiny", True, ENGLISH)


def test_before_the_first_poem_a_sentence_stands_in_its_place(poet_root: Path) -> None:
    html = clouds_html(Shelf(poet_root), Session(), "tiny", False, ENGLISH)
    assert html.count("<img") == 1 and ENGLISH.no_cloud_yet in html


def test_a_poet_without_word_counts_says_so(poets_without_index: Path) -> None:
    html = clouds_html(Shelf(poets_without_index), Session(), "tiny", False, ENGLISH)
    assert "does not say which words" in html and "<img" not in html


def test_no_poet_and_an_unknown_one(poet_root: Path) -> None:
    assert "poetbot train" in clouds_html(Shelf(poet_root), Session(), None, False, ENGLISH)
    assert "&lt;b&gt;" in clouds_html(Shelf(poet_root), Session(), "<b>", False, ENGLISH)
