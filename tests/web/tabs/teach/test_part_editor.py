"""Editing a part: the editor and the handlers, without a browser."""

import re
from pathlib import Path
from typing import Any

import pytest

from poetbot.library.corpora import Corpus, create_corpus
from poetbot.locale import locale
from poetbot.storage import Home
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review
from poetbot.web.tabs.teach.review import Handlers
from tests.web.tabs.teach.test_review import act, count

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour. "
    * 2
)
XSS = "</textarea><script>alert(1)</script>"
BOOK = f'A "SONG"\n\n{SONG}\n{XSS}\n\n\n\n\n{PROSE}\n'


@pytest.fixture
def handlers() -> Handlers:
    return Handlers(Visitors(), locale("en"))


@pytest.fixture
def corpus(poetbot_home: Path) -> Corpus:
    made = create_corpus(Home(poetbot_home), {"book.txt": BOOK.encode()})
    made.read()
    return made


def ask(handlers: Handlers, corpus: Corpus, **data: Any) -> dict[str, Any]:
    return act(handlers, corpus.id, data)[0]


def key(corpus: Corpus, number: int) -> str:
    return str(corpus.results().key(number))


def test_the_editor_has_the_escaped_text_of_the_part(handlers: Handlers, corpus: Corpus) -> None:
    page = ask(handlers, corpus, do="view")["corpus"]
    assert page.count('data-do="edit"') == 3 and f'data-key="edit-{key(corpus, 1)}"' in page
    assert 'aria-label="Edit: lines 3 to 7, The lamp is lit' in page
    answer = ask(handlers, corpus, do="edit", part=key(corpus, 1))
    assert answer["edit"] == f"{corpus.id} {key(corpus, 1)}"
    html = answer["html"]
    assert 'name="title"' in html and 'value="A &#34;SONG&#34;"' in html and html.count("<label>") == 3
    assert "&lt;/textarea&gt;&lt;script&gt;" in html and "<script>" not in html
    assert html.count("</textarea>") == 1 and "Restore original" not in html


def test_an_edit_is_saved_shown_and_marked(handlers: Handlers, corpus: Corpus) -> None:
    song, prose = key(corpus, 1), key(corpus, 2)
    page = ask(handlers, corpus, do="save", part=song, title="<i>Stove", text="Kettle,\nsing.")
    assert page["saved"] == f"{corpus.id} {song}" and page["status"] == "Saved. 1 poem included."
    html = page["corpus"]
    assert html.count('class="edited"') == 1 and "Kettle,\nsing." in html and "The lamp" not in html
    assert "&lt;i&gt;Stove" in html and "<i>Stove" not in html and not page["stale"]
    assert [(poem.title, poem.text) for poem in corpus.poems()] == [("<i>Stove", "Kettle,\nsing.")]
    assert "Restore original" in ask(handlers, corpus, do="edit", part=song)["html"]
    page = ask(handlers, corpus, do="save", part=prose, text="No ferry.")
    assert page["status"].startswith("Saved. This part is still left out.")
    page = ask(handlers, corpus, do="restore", part=song)
    assert page["status"].startswith("Original restored.") and "The lamp" in page["corpus"]
    assert corpus.poems()[0].title == 'A "SONG"'
    assert (
        review.corpus_update(corpus, locale("en"))["corpus"].count('class="edited"') == 1
    )  # as after a reload


def test_a_bad_edit_shows_an_error_and_changes_nothing(handlers: Handlers, corpus: Corpus) -> None:
    song = key(corpus, 1)
    ask(handlers, corpus, do="save", part=song, text="Kettle.")
    before = corpus.state()
    for data, says in (
        ({"text": " \n"}, "The text is empty"),
        ({"text": None, "title": "t" * 201}, "at most 200"),
    ):
        answer = ask(handlers, corpus, do="save", part=song, **data)
        assert answer["refused"] == f"{corpus.id} {song}" and says in answer["sentence"]
        chinese = Handlers(Visitors(), locale("zh"))
        assert re.search("[一-鿿]", ask(chinese, corpus, do="save", part=song, **data)["sentence"])
    for part in ("0-1-1-0000000000000000", "", None, 3, ["x"], "<script>"):
        for do in ("edit", "save"):
            answer = ask(handlers, corpus, do=do, part=part, text="x")
            sentence = "part no longer exists" if isinstance(part, str) else "Reload the page"
            assert sentence in answer.get("error", answer.get("sentence"))
    assert corpus.state() == before


def test_an_edit_of_a_large_corpus_is_shown_before_it_is_read_again(
    handlers: Handlers, poetbot_home: Path
) -> None:
    text = "\n\n\n\n\n".join(f"{n} {SONG}" for n in range(1_200))
    large = create_corpus(Home(poetbot_home), {"large.txt": text.encode()})
    large.read()
    page = ask(handlers, large, do="save", part=key(large, 0), text="Kettle,\nsing.")
    assert page["stale"] and "Kettle,\nsing." in page["corpus"] and 'class="edited"' in page["corpus"]
    assert "sing." in ask(handlers, large, do="whole", number=0)["html"]
    page = count(handlers, large.id, {})[-1]
    assert not page["stale"] and "Kettle,\nsing." in page["corpus"]
    page = ask(handlers, large, do="restore", part=key(large, 0))
    assert page["stale"] and "0 The lamp" in page["corpus"]


def test_the_results_of_another_version_are_read_again(handlers: Handlers, corpus: Corpus) -> None:
    import numpy as np

    parts = corpus.folder / (corpus.state().read or "") / "parts.npy"
    np.save(parts, np.load(parts)[["file", "text", "line"]].copy(), allow_pickle=False)
    page = review.corpus_update(corpus, locale("en"))
    assert page == {"corpus": "", "stale": True, "at": page["at"]}
    assert "The lamp" in count(handlers, corpus.id, {})[-1]["corpus"]
