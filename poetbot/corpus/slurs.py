"""Slurs against people: poems that hold one can be left out of a training set, and a poet never writes one.

The words stand here in ROT13, so that nobody has to read them who only reads the code. Each is taken as the
beginning of a word; the few innocent words that begin like one are listed too. The list is short on purpose: it
catches what old verse holds and cannot judge what a sentence means.
"""

import codecs
import re

STEMS = frozenset(
    codecs.decode(
        "avttre avttn avttnu qnexl qnexvr qnexrl pbba cvpxnavaa xvxr furral furravr qntb jbc tbbx snttbg xnssve vawha erqfxva zhynggb unysoerrq",
        "rot13",
    ).split()
)
"""Beginnings of words, casefolded."""

_INNOCENT = codecs.decode("avttneq qntba vawhapg", "rot13").split()
"""Beginnings of innocent words that share a stem with a slur."""

_SLUR = re.compile(
    rf"(?<![^\W_])(?!{'|'.join(_INNOCENT)})(?:{'|'.join(sorted(STEMS))})",
    re.IGNORECASE,
)


def has_slur(text: str) -> bool:
    """Tell whether a word of `text` begins with one of the stems."""
    return _SLUR.search(text) is not None
