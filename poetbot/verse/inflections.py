"""Pronunciations derived from listed words: elisions, inflections, compounds.

Older verse marks elisions: *wand'ring* is *wandering* with one syllable less, *lov'd* is *loved*, *'gainst* is
*against*. It also has old inflections: *mak'st*, *viewest*, *cometh*. Each is derived from the listed word.
"""

from poetbot.verse.dictionary import Phones, is_vowel, listed, syllable_count
from poetbot.verse.word_letters import vowel_groups

_VOICELESS = frozenset(["P", "T", "K", "F", "TH", "S", "SH", "CH"])
_SIBILANT = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])
_VOWEL_LETTERS = frozenset("aeiouy")

# Exceptions to the rules. Words without a vowel attach to the next word and have no syllable: th' expense.
_SHORT: dict[str, tuple[str, ...]] = {
    "o'er": ("AO1 R",),
    "e'er": ("EH1 R",),
    "ne'er": ("N EH1 R",),
    "e'en": ("IY1 N",),
    "ta'en": ("T EY1 N",),
    "th'": ("DH",),
    "t'": ("T",),
    "'t": ("T",),
    "'s": ("Z",),
    "'d": ("D",),
    "o'": ("AH0",),
    "i'": ("IH0",),
    "thro'": ("TH R UW1",),
    "tho'": ("DH OW1",),
    "altho'": ("AO2 L DH OW1",),
    "thro": ("TH R UW1",),
    "durst": ("D ER1 S T",),
    "ope": ("OW1 P",),
    "whilom": ("W AY1 L AH0 M",),
    "yclept": ("IH0 K L EH1 P T",),
    "quoth": ("K W OW1 TH",),
    "methinks": ("M IY0 TH IH1 NG K S",),
}
_SUFFIXES: tuple[tuple[str, str], ...] = (
    ("ness", "N AH0 S"),
    ("less", "L AH0 S"),
    ("ful", "F AH0 L"),
    ("ing", "IH0 NG"),
    ("in'", "IH0 N"),
    ("est", "AH0 S T"),
    ("eth", "AH0 TH"),
    ("'st", "S T"),
    ("ly", "L IY0"),
    ("er", "ER0"),
    ("ed", ""),
    ("es", ""),
    ("'s", ""),
    ("'d", ""),
    ("'t", "T"),
    ("'n", "N"),
    ("st", "S T"),
    ("y", "IY0"),
    ("s", ""),
)
# Contractions of have and will, with the vowel that they have after a consonant: shouldn't've.
_CONTRACTIONS = (("'ve", "AH0", "V"), ("'ll", "AH0", "L"), ("'re", "AH0", "R"))
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("o'er", "AO1 R"),
    ("over", "OW2 V ER0"),
    ("under", "AH2 N D ER0"),
    ("fore", "F AO2 R"),
    ("out", "AW2 T"),
    ("mis", "M IH0 S"),
    ("dis", "D IH0 S"),
    ("un", "AH0 N"),
    ("re", "R IY0"),
    ("be", "B IH0"),
    ("en", "EH0 N"),
    ("a", "AH0"),
)
_LEFT_OUT_BEFORE = ("a", "be", "e", "re", "de", "o", "in")
_LEFT_OUT_INSIDE = ("e", "i", "o", "a", "u", "ve", "v", "th")
_DEEPEST = 3


def derived(word: str, depth: int = 0) -> tuple[Phones, ...]:
    """Return the pronunciations of a word in lower case, derived from listed words, or () if no rule applies."""
    if word in _SHORT:
        return tuple(tuple(phones.split()) for phones in _SHORT[word])
    if depth >= _DEEPEST:
        return ()
    for leaning in ("th'", "t'", "i'"):
        if word.startswith(leaning) and (found := _known(word[len(leaning) :], depth)):
            return tuple((*_SHORT[leaning][0].split(), *phones) for phones in found)
    if word.startswith("'"):
        found = _without_beginning(word[1:], depth)
        if found:
            return found
    for ending, vowel, added in _CONTRACTIONS:
        if word.endswith(ending) and (stems := _known(word[: -len(ending)], depth)):
            return tuple(
                (*phones, *((vowel,) if phones and not is_vowel(phones[-1]) else ()), added)
                for phones in stems
            )
    if word.endswith("'"):
        found = _known(word[:-1], depth) or (_known(word[:-1] + "g", depth) if word.endswith("in'") else ())
        if found:
            return found
    if word.endswith("e'er"):
        return tuple((*phones, "EH1", "R") for phones in _known(word[:-4], depth))
    inside = word.find("'", 1, -1)
    if inside > 0 and not word.endswith(("'s", "'d", "'st", "'t")):
        found = _without_middle(word, inside)
        if found:
            return found
    return _inflected(word, depth) or _prefixed(word, depth) or _respelt(word) or _compound(word)


def _known(word: str, depth: int) -> tuple[Phones, ...]:
    return listed(word) or (derived(word, depth + 1) if len(word) > 2 else ())


def _without_beginning(rest: str, depth: int) -> tuple[Phones, ...]:
    """*'gainst*: the listed word with one more syllable at its beginning, without that syllable."""
    if found := listed(rest):
        return found
    for beginning in _LEFT_OUT_BEFORE:
        for phones in listed(beginning + rest):
            first = next(k for k, phone in enumerate(phones) if is_vowel(phone))
            if phones[first].endswith("0") and syllable_count(phones) > 1:
                return (phones[first + 1 :],)
    return derived(rest, depth + 1)


def _without_middle(word: str, at: int) -> tuple[Phones, ...]:
    """*wand'ring*: the listed word with the letters restored, without the vowel at that place."""
    before = vowel_groups(word[:at])
    for letters in _LEFT_OUT_INSIDE:
        found = listed(word[:at] + letters + word[at + 1 :])
        if not found:
            continue
        fullest = max(found, key=syllable_count)
        places = [k for k, phone in enumerate(fullest) if is_vowel(phone)]
        if before >= len(places) or not fullest[places[before]].endswith("0"):
            return (min(found, key=syllable_count),)
        omitted = places[before]
        instead = ("R",) if fullest[omitted] == "ER0" else ()
        return ((*fullest[:omitted], *instead, *fullest[omitted + 1 :]),)
    return ()


def _inflected(word: str, depth: int) -> tuple[Phones, ...]:
    for ending, added in _SUFFIXES:
        if not word.endswith(ending) or len(word) < len(ending) + 2:
            continue
        if ending == "'d" and (found := listed(word[:-2] + "ed")):
            return (min(found, key=syllable_count),)
        for stem in _stems(word[: -len(ending)], ending):
            found = _known(stem, depth)
            if found:
                return tuple(
                    (*phones, *(added.split() or _regular(ending, phones))) for phones in found if phones
                )
    return ()


def _stems(left: str, ending: str) -> list[str]:
    """Return the possible words of the stem `left`, the most likely first: *hop|ing* is from *hope*."""
    if ending in ("'s", "s", "'t", "less", "ful", "in'"):
        return [left]
    stems = [left]
    if left[-1] == "i":
        stems.insert(0, left[:-1] + "y")
    if ending[0] in "aeiouy'" and left[-1] not in _VOWEL_LETTERS and left[-2:-1] != left[-1:]:
        single = left[-2:-1] in _VOWEL_LETTERS and left[-3:-2] not in _VOWEL_LETTERS
        stems.insert(0 if single else len(stems), left + "e")
    elif ending[0] in "eiy'" and left[-2:-1] == left[-1:]:
        stems.append(left[:-1])
    elif left[-1] in _VOWEL_LETTERS:
        stems.append(left + "e")
    return stems


def _regular(ending: str, phones: Phones) -> tuple[str, ...]:
    """Return the regular past or plural after these phones."""
    last = phones[-1]
    if ending in ("ed", "'d"):
        if last in ("T", "D"):
            return ("IH0", "D") if ending == "ed" else ("D",)
        return ("T",) if last in _VOICELESS else ("D",)
    if last in _SIBILANT:
        return ("IH0", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)


def _prefixed(word: str, depth: int) -> tuple[Phones, ...]:
    for beginning, added in _PREFIXES:
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) > 2:
            found = listed(rest) or (_inflected(rest, depth + 1) if depth + 1 < _DEEPEST else ())
            if found:
                return tuple((*added.split(), *phones) for phones in found)
    return ()


def _respelt(word: str) -> tuple[Phones, ...]:
    """*harbour* is *harbor*, *theatre* is *theater*, *realise* is *realize*."""
    for british, american in (("our", "or"), ("re", "er"), ("ise", "ize"), ("ence", "ense"), ("que", "k")):
        if british in word[1:]:
            head, _, tail = word.rpartition(british)
            if len(tail) < 5 and (found := listed(head + american + tail)):
                return found
    return ()


def _compound(word: str) -> tuple[Phones, ...]:
    """*moonlit*: two listed words of at least three letters, the second as long as possible."""
    for cut in range(3, len(word) - 2):
        second = listed(word[cut:])
        if second and (first := listed(word[:cut])):
            lesser = tuple(phone.replace("1", "2") for phone in second[0])
            return ((*first[0], *lesser),)
    return ()
