"""Finds a font that has the letters of the words to draw: the bundled font, or one of the system."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from poetbot.errors import PoetBotError

# Parts of file names, the best first: fonts of Linux, macOS and Windows with many Chinese characters.
_PREFERRED = (
    "notoserifcjk", "sourcehanserif", "notosanscjk", "sourcehansans", "wqy", "droidsansfallback", "uming", "ukai",
    "songti", "stsong", "pingfang", "stheiti", "hiragino", "simsun", "msyh", "simhei", "mingliu", "batang", "malgun",
    "notoserif", "notosans", "freeserif", "unifont",
)  # fmt: skip
CJK = range(0x2E80, 0xFAFF)
"""Code points of Chinese, Japanese and Korean letters, except rare ones."""


def bundled_font() -> Path:
    """Return a serif font that is installed with a dependency of wordcloud, so that most verse needs no system font."""
    return _that_comes_along("DejaVuSerif")


def _that_comes_along(name: str) -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"


@lru_cache(maxsize=16)
def letters_of(font: Path) -> frozenset[int]:
    """Return the code points of a font, empty for a file that is not a font."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(str(font)).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@lru_cache(maxsize=1)
def _of_the_machine() -> tuple[Path, ...]:
    from matplotlib.font_manager import findSystemFonts

    found = {}
    for name in map(Path, findSystemFonts()):
        plain = name.stem.lower().replace("-", "").replace("_", "")
        rank = next((k for k, part in enumerate(_PREFERRED) if part in plain), None)
        if rank is not None:
            found[name] = (rank, "regular" not in plain, "bold" in plain, str(name))
    return tuple(sorted(found, key=lambda name: found[name]))


def font_for(words: Iterable[str]) -> Path:
    """Return the font that can write most of these words completely, preferring the bundled font.

    Raises PoetBotError, naming a package to install, if no font on this machine can write any of them.
    """
    needed = [frozenset(map(ord, word)) for word in words]
    own = bundled_font()
    if all(letters <= letters_of(own) for letters in needed):
        return own

    def written(font: Path) -> int:
        return sum(letters <= letters_of(font) for letters in needed)

    # The sans font of the same package has the Arabic and Hebrew letters that the serif font lacks.
    best = max((own, _that_comes_along("DejaVuSans"), *_of_the_machine()), key=written)
    if needed and not written(best):
        cjk = any(point in CJK for letters in needed for point in letters)
        package = "fonts-noto-cjk" if cjk else "fonts-noto-core"
        raise PoetBotError(
            "No font on this computer has these letters. Read the table, or install a font: `{package}` on Debian and Ubuntu, Noto elsewhere.",
            package=package,
        )
    return best
