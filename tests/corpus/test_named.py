from pathlib import Path

import nltk
import pytest

from poetbot.corpus.named import NAMED, read_named
from poetbot.errors import PoetBotError


def test_the_named_corpora_hold_poems(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nltk.data, "path", [str(shared / "data" / "nltk_data")])
    corpus = read_named("blake")
    assert len(corpus.poems) > 30
    assert {poem.author for poem in corpus.poems} == {"William Blake"}


def test_what_is_not_here_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # A fresh loader: NLTK keeps a corpus that it has once opened.
    from nltk.corpus import gutenberg
    from nltk.corpus.util import LazyCorpusLoader

    monkeypatch.setattr(nltk.data, "path", [])
    fresh = LazyCorpusLoader(
        "gutenberg", nltk.corpus.reader.PlaintextCorpusReader, r".*\.txt", encoding="latin1"
    )
    monkeypatch.setattr(nltk.corpus, "gutenberg", fresh)
    assert gutenberg is not fresh
    for name in NAMED:
        with pytest.raises(PoetBotError, match=r"nltk\.downloader"):
            read_named(name)
    with pytest.raises(PoetBotError, match="blake"):
        read_named("homer")
