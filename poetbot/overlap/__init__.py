"""What a text shares word for word with a poet's training set."""

from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.report import fourgrams, headline, report
from poetbot.overlap.tokens import Words, words

__all__ = ["OverlapIndex", "Words", "fourgrams", "headline", "merge", "report", "words"]
