"""Chinese, Japanese and Korean characters, each of which counts as a word."""

import re
from collections.abc import Iterable

CJK_RANGES = (
    (0x1100, 0x11FF),  # Hangul jamo
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3021, 0x303C),  # Suzhou numerals, kana repeat marks, 〼
    (0x3041, 0x31FF),  # kana, bopomofo, Hangul compatibility jamo
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA960, 0xA97F),  # Hangul jamo, extended A
    (0xAC00, 0xD7FF),  # Hangul syllables and jamo, extended B
    (0xF900, 0xFAFF),  # Han, compatibility
    (0xFF66, 0xFFDC),  # kana and Hangul of half width
    (0x16FE0, 0x18CFF),  # Tangut, Khitan and their marks
    (0x1AFF0, 0x1B2FF),  # kana, historic; Nüshu
    (0x20000, 0x3FFFF),  # Han, further extensions
)
"""Their code points, with both ends. Some are marks, which are not letters."""

_CJK = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in CJK_RANGES) + "]+")


def is_mostly_cjk(texts: Iterable[str]) -> bool:
    """Return whether most letters and digits of the texts are Chinese, Japanese or Korean."""
    text = "".join(texts)
    cjk = sum(map(str.isalnum, "".join(_CJK.findall(text))))
    return 2 * cjk > sum(map(str.isalnum, text))
