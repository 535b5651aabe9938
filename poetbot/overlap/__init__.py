"""What a text shares word for word with a poet's training set."""

from poetbot.overlap.calibrate import calibrated, index_of, save_index_of
from poetbot.overlap.headline import headline, in_hundred, of_hundred, sentence
from poetbot.overlap.human import HumanPoems
from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.marks import Mark, marks
from poetbot.overlap.repetition import repetition
from poetbot.overlap.report import STEPS, fourgrams, report, report_in_steps
from poetbot.overlap.tokens import Words, words

__all__ = [
    "STEPS",
    "HumanPoems",
    "Mark",
    "OverlapIndex",
    "Words",
    "calibrated",
    "fourgrams",
    "headline",
    "in_hundred",
    "index_of",
    "marks",
    "merge",
    "of_hundred",
    "repetition",
    "report",
    "report_in_steps",
    "save_index_of",
    "sentence",
    "words",
]
