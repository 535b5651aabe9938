"""The bar: the filter's F1 for "poem" on hand-labelled blocks of real books, which lie in ../shared."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def benchmark(shared: Path) -> ModuleType:
    """Return benchmarks/filter.py; skipped where the books are not there."""
    spec = importlib.util.spec_from_file_location("filter_benchmark", ROOT / "benchmarks" / "filter.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_there_are_enough_labels_from_different_books(benchmark: ModuleType) -> None:
    tune, test = benchmark.read_labels("tune"), benchmark.read_labels("test")
    assert len(tune) + len(test) >= 250
    books = {label.book for label in tune}, {label.book for label in test}
    assert not books[0] & books[1] and len(books[0] | books[1]) >= 6
    fitted_too = {label.book.rpartition("/")[2] for label in benchmark.read_labels("shapes")}
    assert not fitted_too & books[1]


@pytest.mark.parametrize("name", ["tune", "test"])
def test_f1_of_poem(benchmark: ModuleType, name: str) -> None:
    counts, wrong = benchmark.tally(benchmark.read_labels(name), benchmark.the_filter)
    assert counts.f1 >= 0.98, wrong
    assert counts.line_f1 >= 0.98, wrong


def test_it_is_far_better_than_the_articles_rule(benchmark: ModuleType) -> None:
    labels = benchmark.read_labels("test")
    best = max(benchmark.tally(labels, benchmark.few_words(most))[0].f1 for most in range(6, 13))
    assert benchmark.tally(labels, benchmark.the_filter)[0].f1 > best + 0.2


@pytest.mark.parametrize("book", ["charlm/nietzsche.txt", "charlm/warpeace_input.txt", "stories/stories.txt"])
def test_almost_no_poem_is_found_in_prose_books(benchmark: ModuleType, book: str) -> None:
    text = benchmark.read_book(book)
    assert benchmark.the_filter(text).sum() < 0.02 * text.count("\n")


@pytest.mark.parametrize(
    "book",
    [
        "english/nltk_gutenberg/whitman-leaves.txt",
        "english/nltk_gutenberg/milton-paradise.txt",
        "english/nltk_gutenberg/blake-poems.txt",
        "other_languages/ru_pushkin_onegin.txt",
        "english/clean/dickinson.txt",
    ],
)
def test_books_of_verse_are_verse(benchmark: ModuleType, book: str) -> None:
    text = benchmark.read_book(book)
    filled = sum(bool(line.strip()) for line in text.split("\n"))
    assert benchmark.the_filter(text).sum() > 0.85 * filled
