"""The report against plain Python sets of n-grams."""

import dataclasses
import json
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk import ngrams

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, fourgrams, merge, report, words
from poetbot.overlap.bloom_filter import run_numbers
from poetbot.overlap.longest_matches import known_fourgrams, longest_runs
from poetbot.overlap.written_words import Typed
from poetbot.poem import Poem

DATA = Path(__file__).parents[3] / "shared" / "data" / "english" / "clean"
BROKEN_WORD = "\n".join(["a-", "a-a-a-a"])  # a hyphen at a line end joins the word
CUTS = st.lists(st.integers(0, 80), max_size=5)
TEXTS = st.text(st.sampled_from("aab  c'-\n"), max_size=80)


class Plain:
    """What the index answers, by sets and lists."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.poems = [words(text).strings() for text in texts]
        self.sets = {n: {gram for poem in self.poems for gram in ngrams(poem, n)} for n in range(1, 13)}

    def count(self, run: list[str]) -> int:
        return sum(gram == tuple(run) for poem in self.poems for gram in ngrams(poem, len(run)))

    def figures(self, text: str, typed: Typed) -> dict[str, Any]:
        found, is_written = words(text), written(text, typed)
        run = found.strings()

        def phrases(n: int) -> list[tuple[int, ...]]:
            """Return the places of the phrases of n written words."""
            return [at for at in ngrams(range(len(run)), n) if all(is_written[k] for k in at)]

        four = [tuple(run[k] for k in at) for at in phrases(4)]
        hits = [gram in self.sets[4] for gram in four]
        novelty: dict[str, float | None] = {}
        for n in range(1, 11):
            grams = [tuple(run[k] for k in at) for at in phrases(n)]
            novelty[str(n)] = sum(gram not in self.sets[n] for gram in grams) / len(grams) if grams else None
        coverage: dict[str, float | None] = {}
        for n in (5, 8, 12):
            inside = {k for at in phrases(n) if tuple(run[k] for k in at) in self.sets[n] for k in at}
            coverage[str(n)] = len(inside) / sum(is_written) if any(is_written) else None
        return {
            "words": len(found),
            "seed_words": is_written.count(False),
            "fourgrams": {
                "total": len(four),
                "unique": len(set(four)),
                "matched_unique": len(set(four) & self.sets[4]),
                "share_novel": hits.count(False) / len(four) if four else None,
            },
            "novelty": novelty,
            "coverage": coverage,
        }

    def spans(self, text: str, typed: Typed, shortest: int) -> list[tuple[int, int, int]]:
        """Return first word, number of words and count of every maximal run of words.

        Only words that were typed at the beginning of a line may begin it; the others, at least half, are written.
        """
        run, is_written = words(text).strings(), written(text, typed)
        may_begin = [a or b for a, b in zip(is_written, begins_line(text, typed), strict=True)]
        known = {
            (i, j)
            for i in range(len(run))
            for j in range(i + shortest, len(run) + 1)
            if may_begin[i]
            and 2 * sum(is_written[i:j]) >= j - i
            and is_written[i:j] == sorted(is_written[i:j])
            and self.count(run[i:j])
        }
        ends = {i: max(j for start, j in known if start == i) for i, _ in known}
        return [
            (i, end - i, self.count(run[i:end]))
            for i, end in sorted(ends.items())
            if (i - 1, end) not in known
        ]


def parts(text: str, cuts: list[int]) -> Typed:
    """Return the typed parts of a text that is cut at these places; with an odd number the first part is a seed."""
    places = sorted(min(cut, len(text)) for cut in ([0] if len(cuts) % 2 else []) + cuts)
    return [(start, end) for start, end in zip(places[::2], places[1::2], strict=True) if start < end]


def written(text: str, typed: Typed) -> list[bool]:
    """Return for each word whether none of its characters was typed."""
    found = words(text)
    return [
        not any(start < after and before < end for before, after in typed)
        for start, end in zip(found.starts, found.ends, strict=True)
    ]


def begins_line(text: str, typed: Typed) -> list[bool]:
    """Return for each word whether no written word is before it on its line."""
    found, is_written = words(text), written(text, typed)
    lines = [text.count("\n", 0, start) for start in found.starts]
    return [not any(is_written[k] and lines[k] == lines[at] for k in range(at)) for at in range(len(found))]


def agree(plain: Plain, index: OverlapIndex, text: str, typed: Typed) -> None:
    made = report(index, text, typed=typed)
    expected = plain.figures(text, typed)
    assert {key: made[key] for key in expected} == expected
    if all(start == 0 for start, _ in typed):
        seed = max((end for _, end in typed), default=0)
        assert report(index, text, seed) == made
        assert fourgrams(index, text, seed) == expected["fourgrams"]


@given(st.lists(TEXTS, max_size=4), TEXTS, CUTS)
def test_every_figure_equals_that_of_sets(texts: list[str], text: str, cuts: list[int]) -> None:
    index = OverlapIndex.build([Poem(each) for each in texts])
    agree(Plain(texts), index, text, parts(text, cuts))


def test_a_word_that_was_changed_within_a_line_is_in_no_span() -> None:
    index = OverlapIndex.build([Poem("out of the kitchen I saw the rain")])
    text = "she ran out of the kitchen I saw the rain"
    at = text.index("kitchen")
    found = report(index, text, typed=[(at, at + len("kitchen"))])["spans"]
    assert [text[span["start"] : span["end"]] for span in found] == ["I saw the rain"]
    begun = report(index, f"she ran\n“{text[at:]}", typed=[(4, 9 + len("kitchen"))])["spans"]
    assert [span["words"] for span in begun] == [5]
    twice = [(0, len("she")), (4, 7)]
    assert report(OverlapIndex.build([Poem(text)]), text, typed=twice)["spans"][0]["start"] == 0


@settings(max_examples=60)
@given(st.lists(TEXTS, max_size=3), TEXTS, CUTS)
def test_spans_are_the_maximal_runs(texts: list[str], text: str, cuts: list[int]) -> None:
    plain, index = Plain(texts), OverlapIndex.build([Poem(each) for each in texts])
    found, typed = words(text), parts(text, cuts)
    made = report(index, text, typed=typed)
    expected = plain.spans(text, typed, 4)
    assert [(s["start"], s["end"], s["words"], s["count"]) for s in made["spans"]] == [
        (found.starts[i], found.ends[i + length - 1], length, count) for i, length, count in expected
    ]
    for span in made["spans"]:
        assert len(span["sources"]) == min(20, span["count"])
    longest = max((length for _, length, _ in plain.spans(text, typed, 1)), default=0)
    assert made["longest"]["words"] == longest
    assert made["longest"]["text"] == text[made["longest"]["start"] : made["longest"]["end"]]
    assert bool(longest) == bool(made["longest"]["sources"])
    is_written = written(text, typed)
    known = [
        (i, j)
        for i, j in combinations(range(len(found) + 1), 2)
        if all(is_written[i:j]) and plain.count(found.strings()[i:j])
    ]
    alone = made["longest_written"]
    assert alone["words"] == max((j - i for i, j in known), default=0)
    if known:
        i, j = max(known, key=lambda each: each[1] - each[0])  # the first of the longest
        assert (alone["start"], alone["end"]) == (found.starts[i], found.ends[j - 1])


@given(st.lists(TEXTS, max_size=3), TEXTS, st.booleans())
def test_known_fourgrams_with_the_sieve_open_and_closed(texts: list[str], text: str, wide: bool) -> None:
    plain, index = Plain(texts), OverlapIndex.build([Poem(each) for each in texts])
    if wide:  # everything passes, and the look-up alone must tell
        index = dataclasses.replace(index, sieve=np.full(1, 255, np.uint8))
    found = words(text)
    expected = [gram in plain.sets[4] for gram in ngrams(found.strings(), 4)]
    assert known_fourgrams(index, found.keys, run_numbers(found.keys)).tolist() == expected


@given(st.lists(TEXTS, max_size=3), st.integers(0, 2))
@example([BROKEN_WORD], 0)
def test_a_sources_line_holds_the_words(texts: list[str], which: int) -> None:
    index = OverlapIndex.build([Poem(each) for each in texts])
    for text in texts[which : which + 1]:
        found = words(text)
        for span in report(index, text)["spans"]:
            first = words(text[span["start"] : span["end"]]).strings()[0]
            for source in span["sources"]:
                lines = {number: line for number, line, _ in words_by_line(texts[source["poem"]])}
                assert first in lines[source["line"]]
        assert longest_runs(index, index.ids(found.keys)).lengths[:1].tolist() == [len(found)][: len(found)]


@pytest.mark.skipif(not DATA.exists(), reason="the shared texts are not beside this repository")
def test_real_poems_agree_with_sets() -> None:
    lines = (DATA / "poems.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[::9]]
    plain, index = Plain(texts), OverlapIndex.build([Poem(text) for text in texts])
    others = [
        json.loads(line)["text"]
        for line in (DATA / "dickinson.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rng = np.random.default_rng(0)
    for text in others + texts[::40]:
        agree(plain, index, text, parts(text, rng.integers(len(text), size=int(rng.integers(4))).tolist()))
    mixture = "\n".join(line for text in texts[:200] for line in text.split("\n")[:3])
    agree(plain, index, mixture, [])


def test_a_word_that_straddles_the_seed_belongs_to_it() -> None:
    index = OverlapIndex.build([Poem("one two three four five six")])
    made = report(index, "one two three four five six", len("one tw"))
    assert made["seed_words"] == 2
    assert made["fourgrams"]["total"] == 1
    assert made["coverage"]["5"] == 0.0
    assert made["spans"][0]["words"] == made["longest"]["words"] == 6
    assert report(index, "one two three four five", len("one two three four five"))["spans"] == []


def test_nothing_written_gives_null_shares() -> None:
    made = report(OverlapIndex.build([]), "— … \x00")
    assert made["fourgrams"] == {"total": 0, "unique": 0, "matched_unique": 0, "share_novel": None}
    assert set(made["novelty"].values()) == set(made["coverage"].values()) == {None}
    assert made["longest"] == {
        "words": 0,
        "start": 0,
        "end": 0,
        "text": "",
        "count": 0,
        "poems": 0,
        "sources": [],
    }
    assert made["lines"] == [] and made["percentiles"] is None
    assert list(made["novelty"]) == [str(n) for n in range(1, 11)]
    assert set(made["summary"].values()) == {0}


def test_phrases_of_common_words_are_not_distinctive() -> None:
    rng = np.random.default_rng(3)
    common = ["the", "of", "and", "in", "a"]
    rare = [f"rare{k}" for k in range(3000)]
    drawn = [
        common[int(rng.integers(5))] if rng.random() < 0.6 else rare[int(rng.integers(3000))]
        for _ in range(20_000)
    ]
    index = OverlapIndex.build([Poem(" ".join(drawn)), Poem("of the and the rare1 rare2 rare3 rare4 rare5")])
    spans = report(index, "of the and the\nrare1 rare2 rare3 rare4 rare5")["spans"]
    assert [span["distinctive"] for span in spans[-1:]] == [True]
    assert report(index, "of the and the")["spans"][0]["distinctive"] is False


def words_by_line(text: str) -> list[tuple[int, tuple[str, ...], int]]:
    """Number, words and start of the last word of every line; a word that a hyphen breaks belongs to its first line."""
    found = words(text)
    lines: dict[int, list[tuple[str, int]]] = {}
    for word, start in zip(found.strings(), found.starts.tolist(), strict=True):
        lines.setdefault(text.count("\n", 0, start) + 1, []).append((word, start))
    return [(number, tuple(word for word, _ in line), line[-1][1]) for number, line in sorted(lines.items())]


def plain_whole_lines(texts: Sequence[str], text: str, seed_characters: int) -> list[tuple[int, int]]:
    """Number and count of every line of four words or more with a written word that is a whole line of a text."""
    known = [line for each in texts for _, line, _ in words_by_line(each)]
    return [
        (number, known.count(line))
        for number, line, last in words_by_line(text)
        if len(line) >= 4 and line in known and last >= seed_characters
    ]


@given(st.lists(TEXTS, max_size=4), TEXTS, st.integers(0, 80))
@example([BROKEN_WORD], BROKEN_WORD, 0)
def test_whole_lines_are_those_of_plain_comparison(texts: list[str], text: str, seed_characters: int) -> None:
    seed_characters = min(seed_characters, len(text))
    for each in (text, "\n".join([*texts, text])):
        made = report(OverlapIndex.build([Poem(one) for one in texts]), each, seed_characters)["lines"]
        assert [(line["line"], line["count"]) for line in made] == plain_whole_lines(
            texts, each, seed_characters
        )


def test_a_whole_line_is_distinguished_from_part_of_one() -> None:
    index = OverlapIndex.build(
        [
            Poem("the long grey river ran\nthe slow grey river ran on", "One"),
            Poem("so ran the slow\ngrey river ran on"),
        ]
    )
    made = report(index, "The slow grey river ran on,\n\nslow grey river ran on\nthe slow grey river ran on!")
    assert [(line["line"], line["first"], line["words"]) for line in made["lines"]] == [(1, 1, 6), (4, 1, 6)]
    assert made["lines"][0]["sources"] == [
        {"poem": 0, "author": None, "title": "One", "line": 2, "of": "poet"}
    ]
    assert made["summary"]["lines"] == 1


def test_a_refrain_counts_once_in_the_summary() -> None:
    index = OverlapIndex.build([Poem("row the long boat home tonight"), Poem("a lamp in every window")])
    made = report(index, "Row the long boat home,\nand on. Row the long boat home!\nA lamp in every hall")
    assert [span["words"] for span in made["spans"]] == [5, 5, 4]
    assert made["summary"] == {"spans": 2, "distinctive": 0, "lines": 0}


def test_a_report_names_what_it_compared_with() -> None:
    index = merge(
        [OverlapIndex.build([Poem("one two")]), OverlapIndex.build([Poem("three")] * 2)], ["poet", "parent"]
    )
    assert report(index, "one")["compared_with"] == {
        "what": "what this poet has read",
        "poems": 3,
        "parents_poems": 2,
        "words": 4,
        "human_poems": 0,
        "distinctive_from_bits": 20.0,
        "limit_from_human_poems": False,
        "marked_from_words": 5,
    }


def test_titles_that_were_escaped_as_html_are_shown_plainly() -> None:
    index = OverlapIndex.build(
        [Poem("one two three four", "John, Samuel, &amp; Richard.", "A &quot;B&quot; C")]
    )
    (source,) = report(index, "one two three four")["longest"]["sources"]
    assert (source["title"], source["author"]) == ("John, Samuel, & Richard.", 'A "B" C')


def test_a_report_is_plain_json() -> None:
    index = OverlapIndex.build([Poem("one two three four five", "<script>", "🙂")])
    made = report(index, "One, two — three\nfour five 😀 שלום é\u0301")
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize("seed", [-1, 4, True, 1.0, None, "1"])
def test_a_seed_longer_than_the_text_is_refused(seed: Any) -> None:
    with pytest.raises(PoetBotError, match="seed"):
        report(OverlapIndex.build([]), "abc", seed)


@pytest.mark.parametrize("text", ["la " * 300_000, "a\x00b " * 200_000, "x" * 1_000_000, "月" * 500_000])
def test_a_megabyte_takes_seconds_at_most(text: str) -> None:
    index = OverlapIndex.build([Poem("la " * 50_000), Poem("月" * 5_000)])
    start = time.process_time()
    report(index, text)
    assert time.process_time() - start < 60
