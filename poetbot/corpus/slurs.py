"""Slurs against people: poems that contain one can be left out of training, and a poet never writes one.

The words are in ROT13, which spares readers of the code the sight of them. Each is the beginning of a word; the few innocent words
with the same beginning are listed too. The list is deliberately short: it covers what old verse contains and can't judge what a
sentence means.
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

NEVER_WRITTEN = STEMS | frozenset(
    codecs.decode(
        "oynpxobl oynpx-obl oynpxtvey oynpx-tvey oynpxsryybj oynpx-sryybj unys-oerrq erq-fxva arteb arterff",
        "rot13",
    ).split()
)
"""What a poet doesn't write: also compounds, with a hyphen or without, and dated words that are offensive today. Of two words
with a space between them it can't tell which are harmless. Training doesn't look for these, because the bundled poets were trained
without that."""

_INNOCENT = codecs.decode("avttneq qntba vawhapg", "rot13").split()
"""Beginnings of innocent words that share a stem with a slur."""

_SLUR = re.compile(
    rf"(?<![^\W_])(?!{'|'.join(_INNOCENT)})(?:{'|'.join(sorted(STEMS))})",
    re.IGNORECASE,
)


def has_slur(text: str) -> bool:
    """Return whether a word of `text` begins with one of the stems."""
    return _SLUR.search(text) is not None
