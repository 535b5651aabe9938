"""The spacing of elements by the stylesheets of a book: the part of CSS that the lines of a poem need.

Books set each line of a poem as a paragraph without room around it, and its indent as a margin; only their stylesheets
say so. Read are selectors of names and classes, also inside of others (https://www.w3.org/TR/selectors-4/).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

_MOST_RULES, _MOST_OF_A_NAME, _MOST_CLASSES, _MOST_OUTER = 5_000, 16, 4, 4
_LONGEST_VALUE = 40
_COMPOUND = re.compile(r"([a-z][a-z0-9]*+)?((?:\.[\w-]++)*+)", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_LENGTH = re.compile(r"(-?[0-9.]{1,12})(em|rem|ex|px|pt|in|cm|mm|%)?")
_EMS = {
    "": 0.0,
    "em": 1,
    "rem": 1,
    "ex": 0.5,
    "px": 1 / 16,
    "pt": 1 / 12,
    "in": 6,
    "cm": 2.4,
    "mm": 0.24,
    "%": 0.3,
}
_SIDES = ("top", "right", "bottom", "left")
_READ = frozenset(
    [*(f"margin-{side}" for side in ("top", "bottom", "left")), "padding-left", "text-indent", "display"]
)

Says = Mapping[str, str]
"""The supported declarations by name; shorthands are expanded."""


class Compound(NamedTuple):
    """A name and classes that an element must have; the name may be empty."""

    tag: str
    classes: tuple[str, ...]


class _Rule(NamedTuple):
    weight: tuple[int, int, int]  # number of classes and names, and its place
    self_: Compound
    outer: tuple[Compound, ...]  # elements that must be around it
    says: Says


class Stylesheet:
    """The rules of several stylesheets; of equally specific rules the later one wins."""

    def __init__(self) -> None:
        self._rules: dict[str, list[_Rule]] = {}  # by their last class or their name
        self._count = 0

    def add(self, css: str) -> None:
        """Add the rules of a stylesheet. Any string is accepted; after some thousands of rules the rest is ignored."""
        for selectors, body in _rules_of(css):
            says = declarations(body)
            for selector in selectors.split(",") if says else ():
                rule = _rule(selector, says, self._count)
                if rule is None:
                    continue
                key = f".{rule.self_.classes[-1]}" if rule.self_.classes else rule.self_.tag
                same = self._rules.setdefault(key, [])
                if len(same) < _MOST_OF_A_NAME:
                    same.append(rule)
                self._count += 1
                if self._count > _MOST_RULES:
                    return

    def says(self, tag: str, classes: Sequence[str], is_open: Callable[[Compound], bool]) -> dict[str, str]:
        """Return the declarations for an element; `is_open` tells whether another one is around it."""
        keys = (tag, *(f".{name}" for name in classes[:_MOST_CLASSES]))
        rules = [
            rule
            for key in keys
            for rule in self._rules.get(key, ())
            if rule.self_.tag in ("", tag)
            and set(rule.self_.classes) <= set(classes)
            and all(map(is_open, rule.outer))
        ]
        says: dict[str, str] = {}
        for rule in sorted(rules, key=lambda rule: rule.weight):
            says |= rule.says
        return says


def declarations(body: str) -> dict[str, str]:
    """Return the supported declarations of a rule or a `style` attribute."""
    says: dict[str, str] = {}
    for declaration in body.split(";"):
        name, _, value = declaration[:200].partition(":")
        name, value = name.strip().lower(), value.lower().replace("!important", "").strip()
        if name in ("margin", "padding"):
            values = value.split()[:4]
            if values:
                top, right, bottom, left = (
                    (values * 4)[:4] if len(values) in (1, 2, 4) else (*values, values[1])
                )
                says |= zip((f"{name}-{side}" for side in _SIDES), (top, right, bottom, left), strict=True)
        elif name in _READ and len(value) <= _LONGEST_VALUE:
            says[name] = value
    return {name: value for name, value in says.items() if name in _READ}


def length_in_ems(says: Says, name: str) -> float | None:
    """Return a length in em, None if it has none."""
    found = _LENGTH.fullmatch(says.get(name, "")[:_LONGEST_VALUE])
    try:
        return float(found[1]) * _EMS[found[2] or ""] if found else None
    except ValueError:
        return None


def _rules_of(css: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations; of media blocks only those for screens."""
    first, *others = css.split("/*")
    css = "".join((first, *(other.partition("*/")[2] for other in others)))
    at = skipped = 0
    selectors = ""
    for brace in _BRACE.finditer(css):
        text = css[at : brace.start()]
        at = brace.end()
        if brace[0] == "{":
            head = text.rpartition(";")[2].strip()
            is_media = head.startswith("@media") and ("screen" in head or "all" in head) and "not" not in head
            if skipped or (head.startswith("@") and not is_media):
                skipped += 1
            elif not is_media:
                selectors = head
        elif skipped:
            skipped -= 1
        elif selectors:
            yield selectors, text
            selectors = ""


def _rule(selector: str, says: Says, place: int) -> _Rule | None:
    """Return the rule of a selector, None if it isn't supported."""
    parts = [part for part in selector.replace(">", " ").split() if part != "*"]
    found = [_COMPOUND.fullmatch(part) for part in parts]
    if not 0 < len(found) <= _MOST_OUTER + 1:
        return None
    compounds: list[Compound] = []
    for match in found:
        if match is None:
            return None
        compounds.append(Compound((match[1] or "").lower(), tuple(match[2].split(".")[1:])))
    weight = sum(len(each.classes) for each in compounds), sum(bool(each.tag) for each in compounds), place
    return _Rule(weight, compounds[-1], tuple(compounds[:-1]), says)
