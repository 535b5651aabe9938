"""Pictures of what a poet read and wrote."""

from poetbot.study.clouds import cloud, largest_share
from poetbot.study.word_counts import count_words, top, without_common_words

__all__ = ["cloud", "count_words", "largest_share", "top", "without_common_words"]
