"""The verdict on a report, in a few sentences: is what a text has in common with the training poems a lot?"""

from poetbot.locale import SOURCE, Locale, locale
from poetbot.overlap.report_types import Percentiles, Report

INDEXED = "the poems in this index"
"""What a text was compared with that was checked with an index instead of a poet's."""

# A text is judged by the rarer of two measures: what share of the poems by people have as much in common, and what share as
# long a phrase. With these limits for each, at most twice as many of those poems, 5% and 25%, are "far more" and "more".
_FAR_MORE, _MORE = 0.025, 0.125
_SHOWN = 160  # characters of the phrase in the sentence


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


def percent(share: float) -> str:
    """Return a share in per cent with one decimal; 0% and 100% only if that is exact."""
    tenths = int(1000 * share + 0.5)
    if 0 < share < 1:
        tenths = min(999, max(1, tenths))
    return f"{tenths / 10:g}%"


def of_people(count: int, total: int, language: Locale) -> str:
    """Return how many poems by people, such as "38 of 100" or "none"; none or all only where that is true."""
    n, hundred = per_hundred(count, total)
    if n is None:
        return language.gettext("fewer than 1 of {total}", total=hundred)
    if n == 0:
        return language.pgettext("poems by people", "none")
    return language.gettext("{n} of {total}", n=n, total=hundred)


def sentence(report: Report, language: Locale | None = None, poems: str | None = None) -> str:
    """Return the verdict; `poems` names what the text was compared with if that isn't a poet's.

    It counts the words that the poet wrote: the share of its four-word phrases that are in the training poems, and the
    longest phrase, each compared with poems by people if these were measured.

    This shares far more phrases with the poet's training poems than most poems by people do, but only everyday ones, which
    don't look copied. Of its four-word phrases, 28.3% are also there; among poems of this length by people, 2% is typical,
    and none shared as much. The longest phrase in common has 5 words: “and the light of the”, in 3 poems; of those by
    people, 38 of 100 shared one as long.
    """
    language = language or locale(SOURCE)
    _ = language.gettext
    if report["words"] == report["seed_words"]:
        return _("There are no written words to compare.")
    new, humans = report["fourgrams"]["share_novel"], report["percentiles"]
    if new is None:
        return _("Too short to compare: there are no four written words in a row.")
    values = {"poems": poems or _("the poet's training poems"), "share": percent(1 - new)}
    if new == 1:
        found = [_("This has no four-word phrase in common with {poems}.", **values)]
        if humans and humans["share_novel"]:
            sharing = _people(humans["share_novel"]["lower"], humans, language)
            found.append(
                _("Among {whom}, {people} shared at least one.", whom=_whom(humans, language), people=sharing)
            )
        return language.sentences(found)
    longest = report["longest_written"]
    text = " ".join(longest["text"].split())
    phrase = {
        "n": f"{longest['words']:,}",
        "text": text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]} …",
        "places": language.ngettext("{n} poem", "{n} poems", longest["poems"]),
    }
    if not humans or not humans["share_novel"]:
        return language.sentences(
            [
                _("{share} of the four-word phrases are also in {poems}.", **values),
                _("The longest phrase in common has {n} words: “{text}”, in {places}.", **phrase),
            ]
        )
    as_much, as_long = 1 - humans["share_novel"]["higher"], 1 - humans["longest_written"]["lower"]
    rarest = min(as_much, as_long)
    distinctive = report["summary"]["distinctive"]
    if rarest >= _MORE:
        verdict = _("This shares no more phrases with {poems} than poems by people usually do.", **values)
    elif rarest >= _FAR_MORE and distinctive:
        verdict = _("This shares more phrases with {poems} than most poems by people do.", **values)
    elif rarest >= _FAR_MORE:
        verdict = _(
            "This shares more phrases with {poems} than most poems by people do, but only everyday ones, which don't look copied.",
            **values,
        )
    elif distinctive:
        verdict = _("This shares far more phrases with {poems} than most poems by people do.", **values)
    else:
        verdict = _(
            "This shares far more phrases with {poems} than most poems by people do, but only everyday ones, which don't look copied.",
            **values,
        )
    rare = language.ngettext(
        "{n} of them is a rare combination of words, worth a look.",
        "{n} of them are rare combinations of words, worth a look.",
        distinctive,
    )
    return language.sentences(
        [
            verdict,
            *([rare] if distinctive else []),
            _(
                "Of its four-word phrases, {share} are also there; among {whom}, {median} is typical, and {people} shared as much.",
                share=values["share"],
                whom=_whom(humans, language),
                median=percent(1 - humans["share_novel"]["quantiles"]["50"]),
                people=_people(as_much, humans, language),
            ),
            _(
                "The longest phrase in common has {n} words: “{text}”, in {places}; of those by people, {people} shared one as long.",
                people=_people(as_long, humans, language),
                **phrase,
            ),
        ]
    )


def _whom(humans: Percentiles, language: Locale) -> str:
    """Return what the text was compared with."""
    if humans["joined"]:
        return language.gettext("passages of this length from poems by people")
    return language.gettext("poems of this length by people")


def _people(share: float, humans: Percentiles, language: Locale) -> str:
    return of_people(round(share * humans["passages"]), humans["passages"], language)
