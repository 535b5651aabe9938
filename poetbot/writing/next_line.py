"""The next line of a poem: many drafts for one place, those that are in form and worth a look first."""

from collections.abc import Mapping
from dataclasses import dataclass

from poetbot.errors import PoetBotError
from poetbot.poets.interfaces import WritingState
from poetbot.writing.drafts import Draft, DraftWriter
from poetbot.writing.form_fit import fit_of
from poetbot.writing.forms import LineForm
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Ranked, ranked
from poetbot.writing.surprise import following_surprise

MAX_DRAFTS = 512

_TURNS = 3  # of drafts, until some are in form
_ENOUGH = 3  # drafts in form
_FOLLOWING = 200  # characters of the following line that are looked at


@dataclass(frozen=True, eq=False)
class LineContext:
    """Where a line is wanted: in the poem between `before` and `after`, with a form, among the poem's other lines.

    `start` is the poet's one-row state behind `before`, whose last line may be begun. `lines` are by number, from 0.
    """

    start: WritingState
    before: str
    after: str
    form: LineForm
    lines: Mapping[int, str]


@dataclass(frozen=True)
class DraftSettings:
    """How drafts are drawn. `rng` are numbers that, with a draft's own, all its chance follows from."""

    temperature: float
    top_p: float
    rng: tuple[int, ...]
    real_words: bool = False
    guard: int = 0
    whole_words: bool = True


def candidates(desk: CachedPoet, place: LineContext, drawn: DraftSettings, drafts: int) -> list[Ranked]:
    """Draft a line so many times and return the drafts, the best first; none copies a run as long as the guard.

    Where fewer than three are in form, as many are drafted again, up to three times. Where the form leaves no way on,
    it is let go (`Draft.loose`), and a line that finds no end is cut behind a word and has no state.
    Raises PoetBotError where the form cannot be asked of this poet, or the guard leaves nothing.
    """
    made: list[Draft] = []
    found: list[Ranked] = []
    for turn in range(_TURNS):
        numbers = range(drafts * turn, drafts * (turn + 1))
        made += [
            draft for draft in _drafting(desk, place, drawn).drafts(place.start, numbers) if draft.complete
        ]
        found = _ranked(desk, place, drawn, made)
        if sum(each.figures.fit.distance == 0 for each in found) >= min(_ENOUGH, drafts):
            return found
    if not found:
        loose = [drafted(desk, place, drawn, number, loose=True) for number in range(drafts)]
        found = _ranked(desk, place, drawn, loose)
    if not found:
        raise PoetBotError("Every draft copies too long a phrase. Allow longer ones, or try again.")
    return found


def drafted(
    desk: CachedPoet, place: LineContext, drawn: DraftSettings, number: int, *, loose: bool = False
) -> Draft:
    """Write one draft by itself, to the same text as among many."""
    (draft,) = _drafting(desk, place, drawn, loose=loose).drafts(place.start, [number])
    draft.loose = loose
    if not draft.complete:
        draft.text = draft.text[: max(draft.text.rfind(" "), 0)] or draft.text
    return draft


def _drafting(
    desk: CachedPoet, place: LineContext, drawn: DraftSettings, *, loose: bool = False
) -> DraftWriter:
    form = LineForm(place.form.number, place.form.begins_stanza) if loose else place.form
    partners = [place.lines[k] for k in form.rhymes_with if k in place.lines]
    return DraftWriter(
        desk.poet,
        place.before,
        drawn.temperature,
        drawn.top_p,
        drawn.rng,
        desk.rules(form, real_words=drawn.real_words and not loose, partners=partners),
        desk.ending(form, partners),
        lambda line: all(desk.sounds.rhyme(line, other) for other in partners),
        desk.guard(drawn.guard),
        drawn.whole_words,
    )


def _ranked(desk: CachedPoet, place: LineContext, drawn: DraftSettings, drafts: list[Draft]) -> list[Ranked]:
    follows = None
    states = [draft.state for draft in drafts if draft.state is not None]
    if (text := following(place.after)) and len(states) == len(drafts):
        follows = following_surprise(desk.poet, states, text)
    found = ranked(
        drafts,
        place.before,
        place.after,
        desk.index,
        lambda line: fit_of(line, place.form, place.lines, desk.sounds),
        follows,
        desk.knows,
    )
    return [each for each in found if not drawn.guard or (each.figures.copied_words or 0) < drawn.guard]


def following(after: str) -> str:
    """Return the first line with text in what follows a line, as the poet is to read it behind the line's end."""
    line = next((line for line in after.split("\n") if line.strip()), "")
    if not line:
        return ""
    gap = "\n" if after.lstrip(" \t")[:2] == "\n\n" else ""
    return gap + line[:_FOLLOWING] + "\n"
