"""What a poet learned: its words, training curves and growth, its surprise, and the sounds of its verse."""

from poetbot.study.clouds import cloud, largest_share
from poetbot.study.word_counts import count_words, top, without_common_words

__all__ = ["cloud", "count_words", "largest_share", "top", "without_common_words"]
