"""How long a run is to be: measured minutes, and what bounds them."""

import pytest

from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.plan import Parent, Plan
from poetbot.training.progress import Progress
from poetbot.training.split import Split

BATCHES = 50
TIMES = 4.5
PARENT = Parent("tiny", "0" * 64, Vocabulary("abc"), {}, TIMES)


def begun(minutes: float, parent: Parent | None = None) -> Progress:
    return Progress.start(
        Plan(TrainingRun("tiny", minutes=minutes), Split((), (), {}, "by poem"), Recipe(), parent)
    )


def length(progress: Progress, seconds_a_step: float) -> float:
    while not progress.fix_length(BATCHES):
        progress.count(seconds_a_step, 2048, {"loss": 1.0}, 2048, 2048.0)
        if progress.batch == BATCHES:
            progress.epoch, progress.batch = progress.epoch + 1, 0
    assert progress.epochs is not None
    return progress.epochs


def test_a_run_in_minutes_has_as_many_epochs_as_they_allow() -> None:
    assert length(begun(3), seconds_a_step=0.1) == pytest.approx(1800 / BATCHES)


def test_fine_tuning_on_a_small_corpus_has_few_epochs() -> None:
    assert length(begun(3, PARENT), seconds_a_step=0.1) == TIMES
    assert length(begun(3, PARENT), seconds_a_step=1.0) == pytest.approx(180 / BATCHES)


def test_fine_tuning_is_limited_before_its_speed_is_known_well() -> None:
    progress = begun(300, PARENT)
    assert length(progress, seconds_a_step=0.5) == TIMES
    assert progress.passes(BATCHES) < 1


def test_a_length_fixed_late_is_never_shorter_than_what_was_read() -> None:
    progress = begun(300, PARENT)
    progress.epoch = 6
    assert length(progress, seconds_a_step=0.5) >= progress.passes(BATCHES) > TIMES
    assert progress.done(BATCHES)
