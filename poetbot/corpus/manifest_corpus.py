"""Build a corpus from many books by the rules of a manifest, with a report of everything that was left out.

Rules are applied to single poems, then to all poems together: of near-duplicates the longest is kept, and near-duplicates of poems
that must stay unseen are removed. Poems by held-out authors are unchanged, so that they measure every poet of the corpus alike.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from poetbot.corpus.chinese_regular_verse import regular_verse, without_rare_characters
from poetbot.corpus.loading import parse_files
from poetbot.corpus.manifest import Manifest, Rules
from poetbot.corpus.near_duplicates import near_duplicate_groups
from poetbot.corpus.play_scenes import scenes
from poetbot.corpus.slurs import has_slur
from poetbot.corpus.unknown_words import unknown_share
from poetbot.messages import Message
from poetbot.poem import Poem

TOO_SHORT = "with too few lines"
SCENE = "scenes of plays"
SIGNS = "with an editor's signs or notes"
ODD = "in dialect, old spelling or another language"
SLUR = "with slurs against people"
IRREGULAR = "not in lines of one length"
UNSEEN = "near-duplicates of poems that stay unseen"
HELD = "near-duplicates of held-out poems"
REPEATED = "near-duplicates of one another"
SELDOM = "with characters that few poems have"

_NOTE_MARK = re.compile(
    r" *(?:\[(?:Footnote )?(?:\d{1,3}[a-z]?|[A-Za-z*])\]|\{\d{1,3}[a-z]?\}|<\d{1,3}(?:\.\d{1,3})?>)(?![^\W_])"
)
_SIGNS = re.compile(
    r"[][{}<>|#=+~\\_^@]|&c|\b(?:[Ff]ootnote|[Ii]bid|[Vv]id(?:\.|e\b)|edit\.|[Vv]ol\. |[Cc]f\. |[Ll]ine \d|p+\. ?\d)|^ *\d+[.,]",
    re.MULTILINE,
)
_NUMBER_ALONE = re.compile(r"^ *\(?(?:\d{1,4}|[IVXLC]{1,8})[.)]* *(?:\n|\Z)", re.MULTILINE)
"""A stanza number or a year, alone on a line."""
_FEWEST_ODD = 3
"""Minimum number of odd words before the share counts, because a few names can be half of a quatrain."""
_FEWEST_WORDS = 30


@dataclass(frozen=True)
class Gathered:
    """The poems of a corpus, and a report of everything that was read."""

    poems: tuple[Poem, ...]
    held_out: tuple[Poem, ...]
    """Poems held out by a share; those of held-out authors are in `poems`."""
    read: tuple[int, int]
    """Poems and characters that the filter found."""
    left_out: dict[str, tuple[int, int]]
    """Poems and characters left out, by reason, in the order of the rules."""
    books: dict[str, tuple[int, int]]
    """Poems and characters included from each file."""
    notices: tuple[Message, ...]


def gather(
    manifest: Manifest,
    folder: Path,
    words: Container[str] = (),
    held_out: Callable[[Sequence[Poem]], Sequence[Poem]] | None = None,
    on_file: Callable[[str], None] | None = None,
) -> Gathered:
    """Build the corpus of `manifest` from the books in `folder`.

    `words` is a dictionary, for the rule on odd words. `held_out` chooses the poems to hold out from those of the manifest's `held_out`
    files. `on_file` is called with the name of each file before it is read. Raises PoetBotError if a file is missing or invalid.
    """
    rules = manifest.rules
    out: dict[str, list[int]] = {}
    poems: list[Poem] = []
    notices: list[Message] = []
    read = [0, 0]
    for name, found, notes in _books(manifest.files, folder, on_file):
        notices += notes
        for poem, in_scene in found:
            _count(read, poem)
            sure = poem.author in manifest.hold_out
            poem, reason = (poem, None) if sure else _judged(poem, in_scene, rules, words)
            if reason:
                _count(out.setdefault(reason, [0, 0]), poem)
            else:
                poems.append(replace(poem, source=name))
    common = {id(poem) for poem in without_rare_characters(poems, rules.seldom)}
    seldom = [poem for poem in poems if id(poem) not in common and poem.author not in manifest.hold_out]
    for poem in seldom:
        _count(out.setdefault(SELDOM, [0, 0]), poem)
    poems = [poem for poem in poems if id(poem) in common or poem.author in manifest.hold_out]
    unseen = [poem for _, found, _ in _books(manifest.unseen, folder, on_file) for poem, _ in found]
    apart = _held_out(manifest, folder, held_out) if manifest.held_out and held_out else ()
    kept = _once(poems, manifest.hold_out, unseen, apart, out)
    books: dict[str, list[int]] = {name: [0, 0] for name in manifest.files}
    for poem in kept:
        _count(books[str(poem.source)], poem)
    order = (IRREGULAR, TOO_SHORT, SCENE, SIGNS, ODD, SLUR, SELDOM, UNSEEN, HELD, REPEATED)
    return Gathered(
        tuple(kept),
        tuple(apart),
        (read[0], read[1]),
        {reason: (out[reason][0], out[reason][1]) for reason in order if reason in out},
        {name: (count[0], count[1]) for name, count in books.items()},
        tuple(notices),
    )


def authors_of(poems: Sequence[Poem]) -> list[tuple[str, int]]:
    """Return the authors with their number of characters, the largest first; "" stands for unknown ones."""
    counted: Counter[str] = Counter()
    for poem in poems:
        counted[poem.author or ""] += len(poem.text)
    return counted.most_common()


def without_note_marks(text: str) -> str:
    """Return verse without note marks: [12], [A], {331b}, <11.2>."""
    return _NOTE_MARK.sub("", text)


def _books(
    names: Sequence[str], folder: Path, on_file: Callable[[str], None] | None
) -> Iterator[tuple[str, list[tuple[Poem, bool]], tuple[Message, ...]]]:
    """Yield each file's name, its poems with whether each is a scene, and its notices; only one file is in memory."""
    for name in names:
        if on_file:
            on_file(name)
        book = parse_files([folder / name]).files[0]
        spoken = scenes(book)
        yield name, [(poem, place in spoken) for place, poem in enumerate(book.poems)], book.notices


def _judged(poem: Poem, in_scene: bool, rules: Rules, words: Container[str]) -> tuple[Poem, str | None]:
    """Return a poem without an editor's marks, and the reason to leave it out, if any."""
    if rules.regular:
        regular = regular_verse([poem], rules.regular)
        if not regular:
            return poem, IRREGULAR
        poem = regular[0]
    if not rules.editors_signs:
        bare = _NUMBER_ALONE.sub("", without_note_marks(poem.text)).strip("\n")
        poem = replace(poem, text=bare)
    text = poem.text
    if sum(1 for line in text.split("\n") if line.strip()) < rules.fewest_lines or not text.strip():
        return poem, TOO_SHORT
    if not rules.scenes and in_scene:
        return poem, SCENE
    if not rules.editors_signs and _SIGNS.search(text):
        return poem, SIGNS
    if rules.most_odd_words < 1 and _is_odd(text, rules.most_odd_words, words):
        return poem, ODD
    if not rules.slurs and has_slur(text):
        return poem, SLUR
    return poem, None


def _is_odd(text: str, most: float, words: Container[str]) -> bool:
    size = max(len(text.split()), _FEWEST_WORDS)
    share = unknown_share(text, words)
    return share > most and share * size >= _FEWEST_ODD


def _once(
    poems: Sequence[Poem],
    authors: Sequence[str],
    unseen: Sequence[Poem],
    apart: Sequence[Poem],
    out: dict[str, list[int]],
) -> list[Poem]:
    """Return the poems without near-duplicates of one another, of held-out poems or of unseen ones."""
    groups = near_duplicate_groups([*poems, *unseen, *apart])
    own = groups[: len(poems)]
    never = set(groups[len(poems) : len(poems) + len(unseen)])
    held = {group for group, poem in zip(own, poems, strict=True) if poem.author in authors}
    held |= set(groups[len(poems) + len(unseen) :])
    longest: dict[int, int] = {}
    for place, group in enumerate(own):
        if group not in longest or len(poems[place].text) > len(poems[longest[group]].text):
            longest[group] = place
    kept = []
    for place, (group, poem) in enumerate(zip(own, poems, strict=True)):
        if group in never:
            reason = UNSEEN
        elif poem.author in authors:
            reason = None
        elif group in held:
            reason = HELD
        else:
            reason = None if longest[group] == place else REPEATED
        if reason:
            _count(out.setdefault(reason, [0, 0]), poem)
        else:
            kept.append(poem)
    return kept


def _held_out(
    manifest: Manifest, folder: Path, draw: Callable[[Sequence[Poem]], Sequence[Poem]]
) -> Sequence[Poem]:
    """Return the poems held out by a share, chosen from those of their files that the rules leave."""
    assert manifest.held_out is not None
    rules = replace(manifest.rules, most_odd_words=1.0)
    judged = (
        _judged(poem, in_scene, rules, ())
        for _, found, _ in _books(manifest.held_out.files, folder, None)
        for poem, in_scene in found
    )
    return draw(without_rare_characters([poem for poem, reason in judged if reason is None], rules.seldom))


def _count(count: list[int], poem: Poem) -> None:
    count[0] += 1
    count[1] += len(poem.text)
