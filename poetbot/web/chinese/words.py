"""Every word of the interface in Chinese. What is missing here is shown in English, and a test names it."""

from dataclasses import replace

from poetbot.web.chinese.tongue import IN_CHINESE
from poetbot.web.words import ENGLISH

CHINESE = replace(
    ENGLISH,
    tongue=IN_CHINESE,
    write_tab="写诗",
    poet="诗人",
    lines="{n} 行",
    stop="停",
    more="更多",
    rng="诗的编号（rng）",
    untitled="（没有文字）",
)
