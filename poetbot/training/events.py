"""What a run reports: the bar on stderr shows it, and progress.jsonl records it."""

from collections.abc import Callable
from typing import TypedDict

from poetbot.messages import Message


class Beginning(TypedDict):
    """What is known before the first step. `bits` is the parent's score on the held-out poems."""

    training_poems: int
    training_characters: int
    validation_poems: int
    left_out_poems: int
    parent: str | None
    bits: float | None


class Start(TypedDict):
    """The size of the vocabulary, and a sample from before the first step."""

    symbols: int
    sample: str


class EpochRow(TypedDict, total=False):
    """An epoch's line of history.jsonl: the losses and a sample. A poet of words has no bits."""

    epoch: int
    step: int
    characters: int
    words: int
    minutes: float
    training_nats: float
    training_accuracy: float | None
    validation_nats: float | None
    validation_bits: float | None
    validation_accuracy: float | None
    learning_rate: float
    sample: str


class Event(TypedDict, total=False):
    """An event: an activity, a notice, the beginning, the start, an epoch, or a step with its figures."""

    doing: str
    notice: str | Message
    begin: Beginning
    start: Start
    epoch: EpochRow
    step: int
    passes: float
    epochs: float | None
    loss: float
    learning_rate: float
    unit: str
    characters_per_second: float
    words_per_second: float
    seconds_left: float | None


Report = Callable[[Event], None]
