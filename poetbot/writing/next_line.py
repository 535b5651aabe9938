"""The next line of a poem: many drafts for one place, best first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.poets.interfaces import WritingState
from poetbot.writing.drafts import Draft, DraftWriter
from poetbot.writing.form_fit import fit_of
from poetbot.writing.forms import LineForm
from poetbot.writing.lexicon import casefolded
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Ranked, ranked
from poetbot.writing.surprise import following_surprise
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.tidy_lines import InPoem, tidy_lines
from poetbot.writing.tone_rules import line_patterns, rhyme_partners

MAX_DRAFTS = 512

_ROUNDS = 3  # of drafts, until some fit the form
_ENOUGH = 3  # drafts that fit the form
_FOLLOWING = 200  # characters of the following line that count


@dataclass(frozen=True, eq=False)
class LineContext:
    """The context of a line: the poem before and after it, its form, and the poem's other lines.

    `start` is the poet's one-row state after `before`, whose last line may be unfinished. `lines` are by number, from 0.
    `ends_in` is the word that the line should end in.
    """

    start: WritingState
    before: str
    after: str
    form: LineForm
    lines: Mapping[int, str]
    ends_in: str = ""

    @property
    def begun(self) -> str:
        """The typed beginning of the line."""
        return self.before.rsplit("\n", 1)[-1]


@dataclass(frozen=True)
class DraftSettings:
    """How drafts are written. `rng` and the number of a draft seed its random generator.

    With `tidy` the rules of `tidy_lines.py` hold; with `closes` that for the last line of a poem too.
    """

    temperature: float
    top_p: float
    rng: tuple[int, ...]
    real_words: bool = False
    guard: int = 0
    whole_words: bool = True
    theme: ThemeBias | None = None
    tidy: bool = True
    closes: bool = False


def candidates(cached: CachedPoet, place: LineContext, drawn: DraftSettings, drafts: int) -> list[Ranked]:
    """Return drafts of a line, best first. None copies a phrase as long as the guard.

    If fewer than three fit the form, as many more are drafted, at most twice. If the form leaves no way to continue,
    it is dropped (`Draft.loose`), and a line that finds no end is cut after a word and has no state.
    Raises PoetBotError if the poet can't write this form, or the guard rejects every draft.
    """
    written: list[Draft] = []
    found: list[Ranked] = []
    for turn in range(_ROUNDS):
        numbers = range(drafts * turn, drafts * (turn + 1))
        written += [
            draft
            for draft in _drafting(cached, place, drawn).drafts(place.start, numbers)
            if draft.complete and ends_with(place.begun + draft.text, place.ends_in)
        ]
        found = _ranked(cached, place, drawn, written)
        if sum(each.figures.fit.distance == 0 for each in found) >= min(_ENOUGH, drafts):
            return found
    if not found:
        loose = [drafted(cached, place, drawn, number, loose=True) for number in range(drafts)]
        found = _ranked(cached, place, drawn, loose)
    if not found:
        raise PoetBotError("Every draft copies too long a phrase. Allow longer ones, or try again.")
    return found


def drafted(
    cached: CachedPoet, place: LineContext, drawn: DraftSettings, number: int, *, loose: bool = False
) -> Draft:
    """Write one draft alone, with the same text as among many."""
    (draft,) = _drafting(cached, place, drawn, loose=loose).drafts(place.start, [number])
    draft.loose = loose
    if not draft.complete:
        draft.text = draft.text[: max(draft.text.rfind(" "), 0)] or draft.text
    return draft


def _drafting(
    cached: CachedPoet, place: LineContext, drawn: DraftSettings, *, loose: bool = False
) -> DraftWriter:
    form = LineForm(place.form.number, place.form.begins_stanza) if loose else place.form
    partners = rhyme_partners(form, place.lines)
    rules = cached.rules(
        form,
        real_words=drawn.real_words and not loose,
        partners=partners,
        patterns=line_patterns(form, place.lines),
    )
    if drawn.theme:
        rules.append(drawn.theme.rule(place.before))
    if drawn.tidy and (tidy := tidy_lines(cached.poet.vocabulary)):
        rules.append(InPoem(tidy.forbid, place.before))
        if drawn.closes:
            rules.append(InPoem(tidy.last_line.forbid, place.before))
    if place.ends_in:
        more, ending = cached.ending_with(place.ends_in, form)
        rules += more
    else:
        ending = cached.ending(form, partners)

    def fits(line: str) -> bool:
        if place.ends_in:
            return ends_with(line, place.ends_in)
        return all(cached.sounds_by(form.rhyme_book).rhyme(line, other) for other in partners)

    return DraftWriter(
        cached.poet,
        place.before,
        drawn.temperature,
        drawn.top_p,
        drawn.rng,
        rules,
        ending,
        fits,
        cached.guard(drawn.guard),
        drawn.whole_words,
    )


def _ranked(
    cached: CachedPoet, place: LineContext, drawn: DraftSettings, drafts: list[Draft]
) -> list[Ranked]:
    follows = None
    states = [draft.state for draft in drafts if draft.state is not None]
    if (text := following(place.after)) and len(states) == len(drafts):
        follows = following_surprise(cached.poet, states, text)
    sounds = cached.sounds_by(place.form.rhyme_book)
    found = ranked(
        drafts,
        place.before,
        place.after,
        cached.index,
        lambda line: fit_of(line, place.form, place.lines, sounds),
        follows,
        cached.knows,
    )
    if drawn.theme:
        found = _by_theme(found, drawn.theme, place.before)
    return [each for each in found if not drawn.guard or (each.figures.copied_words or 0) < drawn.guard]


def _by_theme(found: list[Ranked], theme: ThemeBias, before: str) -> list[Ranked]:
    """Return the drafts with the penalty of the theme added, best first."""
    scored = []
    for each in found:
        penalty = each.figures.penalty + theme.penalty(each.draft.text, before)
        scored.append(replace(each, figures=replace(each.figures, penalty=penalty)))
    return sorted(scored, key=lambda each: (each.figures.penalty, each.draft.number))


def ends_with(line: str, word: str) -> bool:
    """Return whether the last word of a line is `word`, or its last character if that is a CJK character."""
    text, wanted = casefolded(line), casefolded(word)
    while text and not text[-1].isalnum():
        text = text[:-1]
    before = text[: -len(wanted)][-1:] if wanted else ""
    return text.endswith(wanted) and (is_mostly_cjk((wanted,)) or not (before.isalnum() or before == "'"))


def following(after: str) -> str:
    """Return the first non-blank line after a line, as the poet reads it after the newline."""
    line = next((line for line in after.split("\n") if line.strip()), "")
    if not line:
        return ""
    gap = "\n" if after.lstrip(" \t")[:2] == "\n\n" else ""
    return gap + line[:_FOLLOWING] + "\n"
