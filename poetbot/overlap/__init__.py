"""What a text shares word for word with a poet's training set."""

from poetbot.overlap.highlights import Mark, marks
from poetbot.overlap.human_measurement import calibrated, index_of, save_index_of
from poetbot.overlap.human_percentiles import HumanPoems
from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.report import STEPS, fourgrams, report, report_in_steps
from poetbot.overlap.self_repetition import repetition
from poetbot.overlap.summary import headline, in_hundred, of_hundred, sentence
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
