import numpy as np
import pytest

from poetbot.poem import MARKER
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.token_stream import Epoch, lay_out

TEXTS = [f"poem number {n}\nwith a second line\n" * (1 + n % 3) for n in range(40)]
VOCABULARY = Vocabulary.of([*TEXTS, MARKER])


def epoch(fresh: float = 0.5, rows: int = 4, window: int = 16, rng: int = 0) -> Epoch:
    recipe = Recipe(window=window, fresh_starts=fresh)
    return lay_out(TEXTS, VOCABULARY, recipe, rows, np.random.default_rng(rng))


def stream(of: Epoch) -> tuple[str, np.ndarray, np.ndarray]:
    """The rows put end to end again: text, scored, keep."""
    ids = np.concatenate([of.ids[:, :-1].ravel(), of.ids[-1, -1:]])
    scored = np.concatenate([of.scored[:, :-1].ravel(), of.scored[-1, -1:]])
    keep = np.concatenate([of.keep[:, :-1].ravel(), of.keep[-1, -1:]])
    return VOCABULARY.text_of(ids), scored, keep


def test_every_poem_occurs_once_after_a_marker() -> None:
    text, _, _ = stream(epoch())
    poems = [part for part in text.split(MARKER) if part]
    assert sorted(poems[: len(TEXTS)]) == sorted(TEXTS)
    assert text.startswith(MARKER)


def test_each_poem_is_scored_and_so_is_its_end_but_no_padding() -> None:
    text, scored, _ = stream(epoch())
    assert scored.sum() == sum(map(len, TEXTS)) + len(MARKER) * len(TEXTS)
    for poem in TEXTS:
        at = text.index(MARKER + poem + MARKER) + len(MARKER)
        assert scored[at : at + len(poem) + len(MARKER)].all()


def test_a_reset_is_a_zero_state_after_one_to_sixty_markers() -> None:
    of = epoch(fresh=1.0, rows=1)
    text, _, keep = stream(of)
    resets = np.flatnonzero(keep == 0)
    assert len(resets) == len(TEXTS) + 1
    counts = set()
    for at in resets[1:]:
        markers = (len(text[at:]) - len(text[at:].lstrip("+\n"))) // len(MARKER)
        assert 1 <= markers <= 60
        counts.add(markers)
    assert 60 in counts and len(counts) > 5


def test_windows_are_the_rows_cut_and_targets_are_one_ahead() -> None:
    of = epoch()
    windows = list(of.windows())
    assert len(windows) == len(of)
    ids = np.concatenate([window.ids for window in windows]).T
    targets = np.concatenate([window.targets for window in windows]).T
    assert (ids == of.ids[:, :-1]).all()
    assert (targets == of.ids[:, 1:]).all()
    assert (next(iter(of.windows(2))).ids == windows[2].ids).all()


def test_the_same_rng_gives_the_same_epoch() -> None:
    assert (epoch(rng=7).ids == epoch(rng=7).ids).all()
    assert not np.array_equal(epoch(rng=7).ids, epoch(rng=8).ids)


@pytest.mark.parametrize("rows", [1, 3, 32])
def test_rows_of_any_number(rows: int) -> None:
    of = epoch(rows=rows)
    assert of.ids.shape[0] == rows
    assert (of.ids.shape[1] - 1) % 16 == 0
    assert (of.ids[1:, 0] == of.ids[:-1, -1]).all()
