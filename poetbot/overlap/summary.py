"""One sentence about a report."""

from poetbot.overlap.figures import SHORTEST_SPAN
from poetbot.overlap.report_types import Report, Summary

INDEXED = "the poems in this index"
"""What a text was compared with that was checked with an index instead of a poet's."""

_SHOWN = 160  # characters of the phrase in the sentence


class Headline(Summary):
    """The facts of the sentence.

    `words` and `text` are those of the longest copied phrase, which occurs in `poems` poems; `words` is 0 if nothing is
    shared. `longer` of `passages` human ones of this length share a longer phrase, and `sharing` share one of four words
    at all; `as_long` share one at least as long, and `as_much` as many phrases; None if unknown. `joined`: a passage may
    contain several poems.
    """

    words: int
    text: str
    poems: int
    longer: int | None
    sharing: int | None
    as_long: int | None
    as_much: int | None
    passages: int | None
    joined: bool | None


def headline(report: Report) -> Headline:
    """Return the facts of the sentence about a report."""
    longest, percentiles = report["longest"], report["percentiles"]
    longer = sharing = as_long = as_much = passages = joined = None
    if percentiles is not None:
        passages, joined, novel = percentiles["passages"], percentiles["joined"], percentiles["share_novel"]
        longer = round(percentiles["longest"]["higher"] * passages)
        sharing = round(novel["lower"] * passages) if novel else 0
        as_long = round((1 - percentiles["longest"]["lower"]) * passages)
        as_much = round((1 - novel["higher"]) * passages) if novel else passages
    return {
        "words": longest["words"],
        "text": " ".join(longest["text"].split()),
        "poems": longest["poems"],
        "longer": longer,
        "sharing": sharing,
        "as_long": as_long,
        "as_much": as_much,
        "passages": passages,
        "joined": joined,
        **report["summary"],
    }


def per_hundred(count: int, total: int) -> tuple[int | None, int]:
    """Return a share as a number out of 100, or the numbers themselves up to a hundred.

    The number is None if it is below 1 of 100 but not 0. It is 0 or 100 only if that is exact.
    """
    if total <= 100:
        return count, total
    if 0 < count < total:
        share = 100 * count / total
        return (None if share < 1 else min(99, round(share))), 100
    return (100 if count else 0), 100


def sentence(report: Report, poems: str | None = None) -> str:
    """Return the headline in English; `poems` names what the text was compared with if that isn't a poet's.

    Longest phrase in common with its training poems: 5 words, "and the light of the", in 3 poems. 38 of 100 human poems
    of this length share a longer one.
    """
    facts = headline(report)
    its, whose = poems or "its training poems", poems or "the poet's training poems"
    if report["words"] == report["seed_words"]:
        first_clause = (
            "There are no written words to compare" if report["words"] else "There are no words in it"
        )
        return f"{first_clause}."
    if facts["words"] == 0:
        first_clause = f"It shares no words with {whose}"
    elif facts["words"] < SHORTEST_SPAN:
        first_clause = f"It shares no phrase of four words or more with {whose}"
    else:
        text = facts["text"]
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]} …"
        many = "1 poem" if facts["poems"] == 1 else f"{facts['poems']:,} poems"
        first_clause = f'Longest phrase in common with {its}: {facts["words"]:,} words, "{shown}", in {many}'
    if facts["passages"] is None:
        return f"{first_clause}."
    return f"{first_clause}. {_human_sentence(facts)}"


def _human_sentence(facts: Headline) -> str:
    is_long, passages = facts["words"] >= SHORTEST_SPAN, facts["passages"] or 0
    whom = f"{'passages of human poems' if facts['joined'] else 'human poems'} of this length"
    what = "a longer one" if is_long else "one"
    n, total = per_hundred((facts["longer"] if is_long else facts["sharing"]) or 0, passages)
    if n is None:
        return f"Hardly any {whom} share {what}: fewer than 1 in {total}."
    if n == 0:
        return f"None of {passages:,} {whom} shares {what}."
    return f"{n} of {total} {whom} {'shares' if n == 1 else 'share'} {what}."
