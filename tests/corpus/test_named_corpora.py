import sys
from pathlib import Path

import nltk
import pytest
from huggingface_hub import DatasetCard

from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import BUNDLED, CORPORA, GUTENBERG, NAMED, licence_of, read_named
from poetbot.errors import PoetBotError


def test_the_named_corpora_hold_poems(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nltk.data, "path", [str(shared / "data" / "nltk_data")])
    corpus = read_named("blake")
    assert len(corpus.poems) > 30
    assert {poem.author for poem in corpus.poems} == {"William Blake"}


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_corpora_are_read_without_nltk(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk.corpus", None)
    corpus = read_named(name)
    assert corpus.name == name in NAMED
    assert corpus.fingerprint == read_poems(CORPORA / BUNDLED[name]).fingerprint
    assert len(corpus.poems) >= 50 and corpus.notices == ()
    assert licence_of(name) == "CC0 1.0" and licence_of("blake") is None


def test_the_data_set_card_names_the_bundled_corpora() -> None:
    card = DatasetCard.load(CORPORA / "README.md").data
    assert {subset["data_files"] for subset in card.configs} == set(BUNDLED.values())
    assert (card.license, card.language, card.size_categories) == ("cc0-1.0", ["en", "zh"], ["n<1K"])
    assert sum(len(read_named(name).poems) for name in BUNDLED) < 1000


def test_without_nltk_its_corpora_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk.corpus", None)
    with pytest.raises(PoetBotError, match=r'blake needs NLTK.*install "poetbot\[teach\]"'):
        read_named("blake")


def test_a_missing_corpus_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # A fresh loader: NLTK keeps a corpus that it has once opened.
    from nltk.corpus import gutenberg
    from nltk.corpus.util import LazyCorpusLoader

    monkeypatch.setattr(nltk.data, "path", [])
    fresh = LazyCorpusLoader(
        "gutenberg", nltk.corpus.reader.PlaintextCorpusReader, r".*\.txt", encoding="latin1"
    )
    monkeypatch.setattr(nltk.corpus, "gutenberg", fresh)
    assert gutenberg is not fresh
    for name in GUTENBERG:
        with pytest.raises(PoetBotError, match=r"nltk\.downloader"):
            read_named(name)
    with pytest.raises(PoetBotError, match="blake"):
        read_named("homer")
