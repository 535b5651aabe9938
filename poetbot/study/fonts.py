"""A font that has the letters of the words to be drawn: our own, or else one that is found on the machine."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from poetbot.errors import PoetBotError

# Parts of file names, the best first: fonts with many Chinese characters, as Linux, macOS and Windows bring them.
_PREFERRED = (
    "notoserifcjk", "sourcehanserif", "notosanscjk", "sourcehansans", "wqy", "droidsansfallback", "uming", "ukai",
    "songti", "stsong", "pingfang", "stheiti", "hiragino", "simsun", "msyh", "simhei", "mingliu", "batang", "malgun",
    "notoserif", "notosans", "freeserif", "unifont",
)  # fmt: skip
CJK = range(0x2E80, 0xFAFF)
"""Code points of Chinese, Japanese and Korean letters, but for rare ones."""


def bundled_font() -> Path:
    """Return a serif that comes with wordcloud's own dependency, so that most verse needs no font of the system."""
    return _that_comes_along("DejaVuSerif")


def _that_comes_along(name: str) -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"


@lru_cache(maxsize=16)
def letters_of(font: Path) -> frozenset[int]:
    """Return the code points that a font has; none for a file that is no font."""
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
    """Return the font in which the most of these words can be written whole: our own among equals.

    Raises PoetBotError where no font on this machine has the letters of any: it says which package brings one.
    """
    needed = [frozenset(map(ord, word)) for word in words]
    own = bundled_font()
    if all(letters <= letters_of(own) for letters in needed):
        return own

    def written(font: Path) -> int:
        return sum(letters <= letters_of(font) for letters in needed)

    # Sans has the Arabic and Hebrew letters that the serif lacks, and comes with it.
    best = max((own, _that_comes_along("DejaVuSans"), *_of_the_machine()), key=written)
    if needed and not written(best):
        cjk = any(point in CJK for letters in needed for point in letters)
        package = "fonts-noto-cjk" if cjk else "fonts-noto-core"
        raise PoetBotError(
            "No font on this computer has these letters. Read the table, or install a font: `{package}` on Debian and Ubuntu, Noto elsewhere.",
            package=package,
        )
    return best
