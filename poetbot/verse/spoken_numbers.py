"""Numbers and symbols as they are spoken: *42* is forty-two, *1066* ten sixty-six, *$5* five dollars, *&* and.

No library is used: num2words is under the LGPL, inflect does not read years, times or money, and the rules that verse
needs are short.
"""

import re
import unicodedata
from functools import lru_cache

_SMALL = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ONES = f"{_SMALL} {_TEENS}".split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SCALES = (10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
_ORDINALS |= {"nine": "ninth", "twelve": "twelfth"}
_FRACTIONS = {"½": "half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds"}
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}
_MONEY = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen"}
_SIGNS = {"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "no.": "number", "°": "degrees"}
_LONGEST = 15  # digits; a longer number is read out digit by digit

FRACTIONS = "".join(_FRACTIONS)
NUMBER = (
    rf"(?:[$£€¥#]?\d+(?:[.,:/]\d+){{0,6}}(?:[-–]\d+(?:[.,:/]\d+){{0,6}}){{0,2}}[{FRACTIONS}]?|[{FRACTIONS}])"
    r"(?:st|nd|rd|th|['’]?s|%|°)?(?![^\W_])"
)
"""Regular expression of a number with its symbols and endings, such as £1,000, 3:15, the 7th, 1914-18 and 1960s."""
_READ = re.compile(rf"([$£€¥#]?)([\d.,:/–-]*)([{FRACTIONS}]?)(st|nd|rd|th|'?s|%|°)?")


@lru_cache(maxsize=5000)
def number_words(token: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a number or symbol in lower case, the usual reading first, or () if it is neither."""
    token = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token.strip("'"))
    if token in _SIGNS:
        return ((_SIGNS[token],),)
    parts = _READ.fullmatch(token)
    if not parts or not (parts[2] or parts[3]) or (parts[2] and not parts[2][-1].isdigit()):
        return ()
    before, figures, fraction, after = parts.groups()
    ways = _ways(figures) if figures else [[]]
    found = []
    for way in ways:
        words = list(way)
        if fraction:
            words += ["and"] * bool(words) + (
                ["a"] * (fraction == "½" and bool(words)) + _FRACTIONS[fraction].split()
            )
        if before == "#":
            words.insert(0, "number")
        elif before and "." in figures and re.search(r"\.\d\d$", figures):
            whole, _, cents = figures.rpartition(".")
            words = [*_cardinal(whole.replace(",", "")), _counted(_MONEY[before], whole), *_cardinal(cents)]
        elif before:
            words.append(_counted(_MONEY[before], figures))
        if after in ("st", "nd", "rd", "th"):
            words[-1] = _ordinal(words[-1])
        elif after in ("s", "'s"):
            words[-1] = _plural(words[-1])
        elif after:
            words.append(_SIGNS[after])
        found.append(tuple(words))
    return tuple(dict.fromkeys(found))


def _ways(figures: str) -> list[list[str]]:
    """Return the readings of a number, the usual one first."""
    if parted := re.fullmatch(r"([^–-]+)[–-](.+)", figures):
        return [[*_ways(parted[1])[0], "to", *_ways(parted[2])[0]]]
    if ":" in figures:
        hour, *rest = figures.split(":")
        return [_cardinal(hour) + [word for minutes in rest for word in _minutes(minutes)]]
    if "/" in figures:
        numbers = figures.split("/")
        over, under = _int(numbers[0]), _int(numbers[1])
        if len(numbers) == 2 and over < under and under in _PARTS:
            part = _PARTS[under]
            return [[*_cardinal(numbers[0]), part if over == 1 else _plural(part)]]
        return [[word for number in numbers for word in _ways(number)[0]]]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", figures):
        whole, _, decimals = figures.replace(",", "").partition(".")
        if decimals:
            return [[*_cardinal(whole), "point", *(_ONES[int(digit)] for digit in decimals)]]
        if "," not in figures and len(whole) == 4 and (year := _year(whole)):
            return [year, _cardinal(whole)]
        return [_cardinal(whole)]
    return [[word for number in re.split("[.,]", figures) for word in _ways(number)[0]]]


def _int(figures: str) -> int:
    return int(figures) if figures.isdecimal() and len(figures) <= _LONGEST else 0


def _cardinal(figures: str) -> list[str]:
    if len(figures) > _LONGEST or not figures.isdecimal() or (figures[0] == "0" and len(figures) > 1):
        return [_ONES[int(digit)] for digit in figures if digit.isdecimal()]
    return _integer_words(int(figures))


def _integer_words(number: int) -> list[str]:
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        return [_TENS[number // 10], *([_ONES[number % 10]] if number % 10 else [])]
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    return [*_integer_words(number // size), name, *(_integer_words(number % size) if number % size else [])]


def _year(figures: str) -> list[str]:
    """Return four digits as a year, or [] if they are read as a plain number: 2001, and 1000 and 3000."""
    century, rest = int(figures[:2]), int(figures[2:])
    if not 10 <= century <= 20 or (century % 10 == 0 and rest < 10):
        return []
    if not rest:
        return [*_integer_words(century), "hundred"]
    return [*_integer_words(century), *_minutes(figures[2:])]


def _minutes(figures: str) -> list[str]:
    """Return two digits after an hour or a century: 05 is oh five, 00 is nothing."""
    if figures in ("0", "00"):
        return []
    return (
        ["oh", *_integer_words(int(figures))]
        if len(figures) == 2 and figures[0] == "0"
        else _cardinal(figures)
    )


def _counted(unit: str, figures: str) -> str:
    return unit if figures == "1" or unit == "yen" else unit + "s"


def _ordinal(word: str) -> str:
    return _ORDINALS.get(word) or (word[:-1] + "ieth" if word.endswith("y") else word + "th")


def _plural(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ies"
    return {"half": "halves", "six": "sixes"}.get(word, word + "s")
