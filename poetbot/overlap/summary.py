"""What one sentence says about a report. Its figures are those of the report; a refrain counts once."""

from typing import Any

from poetbot.overlap.figures import SHORTEST_SPAN

_SHOWN = 160  # characters of the run in the sentence


def headline(report: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of the sentence: `words` and `text` of the longest shared run and in how many `poems` it stands.

    `longer` of `passages` human ones of this length share a longer run; None where that is not known. `joined` says
    that a passage may hold several poems, and `sharing` how many share a run of four words at all. `spans`, `distinctive` and `lines` count different runs and whole lines.
    `words` is 0 where nothing is shared.
    """
    longest, percentiles = report["longest"], report["percentiles"]
    return {
        "words": longest["words"],
        "text": " ".join(longest["text"].split()),
        "poems": longest["poems"],
        **_longer(percentiles),
        **report["summary"],
    }


def _longer(percentiles: dict[str, Any] | None) -> dict[str, Any]:
    if percentiles is None:
        return {"longer": None, "sharing": None, "passages": None, "joined": None}
    passages, standing = percentiles["passages"], percentiles["share_novel"]
    return {
        "longer": round(percentiles["longest"]["higher"] * passages),
        "sharing": round(standing["lower"] * passages) if standing else 0,
        "passages": passages,
        "joined": percentiles["joined"],
    }


def per_hundred(count: int, total: int) -> tuple[int | None, int]:
    """Return a share as a number of 100, or the numbers themselves below a hundred; the number is None where it is
    above nothing and below 1 of 100, and never 0 or 100 but where that is true.
    """
    if total <= 100:
        return count, total
    if 0 < count < total:
        share = 100 * count / total
        return (None if share < 1 else min(99, round(share))), 100
    return (100 if count else 0), 100


def per_hundred_in_words(count: int, total: int) -> str:
    """Return a share in English: "38 of 100"."""
    n, all_ = per_hundred(count, total)
    return f"fewer than 1 of {all_}" if n is None else f"{n} of {all_}"


def sentence(report: dict[str, Any]) -> str:
    """Return the headline in English.

    Longest run shared with what this poet has read: 5 words, "and the light of the", in 3 poems; 38 of 100 human
    poems of this length share a longer one.
    """
    facts = headline(report)
    if report["words"] == report["seed_words"]:
        said = (
            "There are no words of the poet's to compare" if report["words"] else "There are no words in it"
        )
        return f"{said}."
    if facts["words"] == 0:
        said = "It shares no word with what this poet has read"
    elif facts["words"] < SHORTEST_SPAN:
        said = "It shares no run of four words or more with what this poet has read"
    else:
        text = facts["text"]
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]} …"
        poems = "1 poem" if facts["poems"] == 1 else f"{facts['poems']:,} poems"
        said = (
            f"Longest run shared with what this poet has read: {facts['words']:,} words, "
            f'"{shown}", in {poems}'
        )
    if facts["longer"] is None:
        return f"{said}."
    whom = "passages of human poems" if facts["joined"] else "human poems"
    what = "share a longer one" if facts["words"] >= SHORTEST_SPAN else "share one"
    longer = facts["longer" if facts["words"] >= SHORTEST_SPAN else "sharing"]
    return f"{said}; {per_hundred_in_words(longer, facts['passages'])} {whom} of this length {what}."
