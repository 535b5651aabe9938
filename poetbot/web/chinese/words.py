"""Every word of the interface in Chinese. What is missing here is shown in English, and a test names it."""

from dataclasses import replace

from poetbot.web.chinese.overlap import CHINESE_OVERLAP
from poetbot.web.chinese.tongue import IN_CHINESE
from poetbot.web.words import ENGLISH

CHINESE = replace(
    ENGLISH,
    tongue=IN_CHINESE,
    write_tab="写诗",
    poet="诗人",
    no_poets="这里还没有诗人：运行 `python -m poetbot train CORPUS --out weights/NAME` 就能训练一位。",
    lines="{n} 行",
    stop="停",
    more="更多",
    rng="诗的编号（rng）",
    untitled="（没有文字）",
    in_poems=" {n} 首诗",
    in_one_poem=" 1 首诗",
    shared_words="相同的文字",
    number_of_words="词数",
    read_in="读自",
    more_places="还有 {n} 处",
    unknown_author="作者不详",
    unknown_title="无题",
    from_parent="它所师承的诗人读过",
    overlap=CHINESE_OVERLAP,
)
