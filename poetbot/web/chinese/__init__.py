"""The interface in simplified Chinese (简体中文), file by file as the English words are."""

from poetbot.web.chinese.words import CHINESE

__all__ = ["CHINESE"]
