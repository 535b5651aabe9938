"""The best of many poems: how they are ranked, and that the best is one of those written together."""

from dataclasses import replace
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.writing import (
    CachedPoet,
    FormRequest,
    Request,
    Theme,
    form_request_of_receipt,
    request_of_receipt,
    write,
    write_best_in_form,
    write_best_of,
    write_in_form,
    write_together,
)
from poetbot.writing.form_fit import FormReport
from poetbot.writing.forms import Form
from poetbot.writing.poem_ranking import (
    PoemMeasures,
    best_first,
    coherence,
    missing_from_form,
    names_in,
    penalties,
    repeated_share,
    theme_words,
)
from poetbot.writing.word_vectors import vectors_of
from tests.conftest import STANZAS

PLAIN = PoemMeasures(excess=0.0, lines=4, words=20)


@pytest.fixture(scope="module")
def cached(tiny_poet: Path) -> CachedPoet:
    poet: Poet = load(tiny_poet)
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


@pytest.mark.parametrize(
    "worse",
    [
        {"unknown_words": 1},
        {"copied_words": 6},
        {"repeated": 0.2},
        {"coherence": 0.1},
        {"theme_words": 1.0},
        {"names": 1},
        {"avoided_words": 1},
        {"off_form": 1},
        {"words": 0},
    ],
)
def test_each_fault_makes_a_poem_worse(worse: dict) -> None:
    good = replace(PLAIN, coherence=0.4, theme_words=3.0)
    assert best_first([replace(good, **worse), good]) == [1, 0]


def test_the_best_poem_is_neither_the_most_nor_the_least_probable() -> None:
    poems = [replace(PLAIN, excess=excess) for excess in (-1.0, -0.2, -0.15, 0.0, 0.1, 0.2, 0.9)]
    assert best_first(poems)[0] == 1 and best_first(poems)[-1] == 6


def test_form_outweighs_everything_and_more_theme_words_than_five_count_nothing() -> None:
    fits = replace(PLAIN, unknown_words=8, copied_words=12, repeated=1.0, excess=3.0)
    assert best_first([replace(PLAIN, off_form=1), fits]) == [1, 0]
    many, more = penalties([replace(PLAIN, theme_words=5.0), replace(PLAIN, theme_words=9.0)])
    assert many == more and many["theme"] < 0


def test_a_poem_of_unknown_coherence_counts_as_the_others_do_on_average() -> None:
    poems = [replace(PLAIN, coherence=each) for each in (0.5, None, 0.1)]
    assert best_first(poems) == [0, 1, 2]
    assert penalties([]) == [] and best_first([PLAIN, PLAIN]) == [0, 1]


def test_repetition_counts_longer_words_of_a_line_and_of_the_three_before_it() -> None:
    assert repeated_share([["lamp", "lamp"]]) == 0.5
    assert repeated_share([["lamp"], ["the"], ["the"], ["lamp"]]) == 0.25
    assert repeated_share([["lamp"], ["the"], ["the"], ["the"], ["lamp"]]) == 0.0
    assert repeated_share([]) == 0.0


def test_coherent_lines_have_words_that_were_read_together_but_not_the_same_words() -> None:
    vectors = vectors_of(STANZAS * 3)
    near = next(other for word in ("lamp",) for other, _ in vectors.nearest(word, 1))
    far = min(vectors.words, key=lambda word: vectors.similarity(["lamp"], [word]) or 0.0)
    together, apart = coherence([["lamp"], [near]], vectors), coherence([["lamp"], [far]], vectors)
    assert together is not None and apart is not None and together > apart
    assert coherence([["lamp", "street"], ["lamp", far]], vectors) == vectors.similarity(["street"], [far])
    assert coherence([["lamp"], ["lamp"]], vectors) is None
    assert coherence([["lamp"], [near]], None) is None and coherence([["lamp"]], vectors) is None


def test_theme_words_count_once_by_their_weight() -> None:
    theme = Theme("sea", "soul", (("sea", 1.0), ("ship", 0.5), ("soul", -1.0)))
    assert theme_words(["sea", "sea", "ship", "soul"], theme) == (1.5, 1)
    assert theme_words(["sea"], Theme()) == (0, 0)


def test_names_are_words_with_a_capital_inside_a_sentence() -> None:
    assert names_in("The lamp of Ada,\nAnd I saw, Ada and Tom. But not her.", "Tom said.\n") == 2
    assert names_in("London, and Ann", "Annabel took the train to ") == 2


def test_what_a_form_lacks_is_counted() -> None:
    report = FormReport(3, 4, syllables=(2, 4), rhymes=(1, 2), letters=(0, 0))
    assert missing_from_form(report) == 1 + 2 + 1


def test_the_poems_are_those_written_together_best_first(cached: CachedPoet) -> None:
    request = Request("the lamp is", lines=3, rng=4, theme=Theme("rain"))
    found = write_best_of(cached, request, 9)
    alike = {poem.text for _, poem in write_together(cached.poet, request, 9, cached.index)}
    assert {each.poem.text for each in found} == alike and len(found) == 9
    assert [each.penalty for each in found] == sorted(each.penalty for each in found)
    for each in found:
        again = write(cached.poet, request_of_receipt(each.poem.receipt, cached.poet))
        assert (again.text, again.receipt) == (each.poem.text, each.poem.receipt)
    assert found == write_best_of(cached, request, 9)
    for wrong in (0, 101):
        with pytest.raises(PoetBotError):
            write_best_of(cached, request, wrong)


def test_the_best_in_a_form_fits_it_best(cached: CachedPoet) -> None:
    request = FormRequest(Form(stanzas=(3,), acrostic="tom"), rng=2, drafts=4)
    found = write_best_in_form(cached, request, 3)
    assert sorted(each.poem.rng for each in found) == [2, 3, 4]
    missing = [each.measures.off_form for each in found]
    assert missing == sorted(missing) and all(each.form for each in found)
    again, _ = write_in_form(cached, form_request_of_receipt(found[0].poem.receipt, cached.poet))
    assert again == found[0].poem


def test_poets_of_subwords_words_and_chinese_are_ranked_even_without_an_index(
    subword_poet: Path, chinese_poet: Path
) -> None:
    for folder, seed in ((subword_poet, "The lamp"), (chinese_poet, "門前"), (BUNDLED / "story", "The")):
        found = write_best_of(CachedPoet(load(folder)), Request(seed, lines=2, rng=1), 4)
        assert len(found) == 4 and all(abs(each.penalty) < 100 for each in found)
