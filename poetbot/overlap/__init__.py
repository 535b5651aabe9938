"""Verbatim overlap of a text with a poet's training poems: index, report, highlights, copy guard."""

from poetbot.overlap.highlights import Mark, marks
from poetbot.overlap.human_measurement import build_index, save_fine_tuned_index, with_human_poems
from poetbot.overlap.human_percentiles import HumanPoems
from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.report import STEPS, fourgrams, report, report_in_steps
from poetbot.overlap.self_repetition import repetition
from poetbot.overlap.summary import of_people, per_hundred, percent, sentence
from poetbot.overlap.tokens import Words, words

__all__ = [
    "STEPS",
    "HumanPoems",
    "Mark",
    "OverlapIndex",
    "Words",
    "build_index",
    "fourgrams",
    "marks",
    "merge",
    "of_people",
    "per_hundred",
    "percent",
    "repetition",
    "report",
    "report_in_steps",
    "save_fine_tuned_index",
    "sentence",
    "with_human_poems",
    "words",
]
