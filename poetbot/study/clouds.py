"""Word clouds: the words of a corpus or a poem, sized by their share.

To compare two clouds, pass the same `largest` to both. A word then has the same size for the same share. It has the
same colour everywhere, but colours have no meaning; `word_counts.top` gives the same information as text. Nothing is
downloaded: the font is installed with the libraries or comes from the system (`fonts`).
"""

import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.study.fonts import CJK, bundled_font, font_for, letters_of
from poetbot.study.word_counts import top

if TYPE_CHECKING:
    from PIL.Image import Image
    from wordcloud import WordCloud

SMALLEST_SIDE, LARGEST_SIDE = 120, 1600
"""In pixels. A smaller page does not fit a word, and a larger one takes seconds to draw."""

MOST_WORDS = 120
LONGEST_WORD = 32
"""In letters. A longer "word" is noise (a URL, a line of dashes) and does not fit into one line."""

SMALLEST_LETTERS = 11
"""In pixels: the smallest legible size."""

PAPER = {False: "#fbf9f4", True: "#1c1b19"}
INKS = {
    False: (
        *("#3b3a36", "#7a3e2c", "#2f5d62", "#5b4a7a", "#55601f"),
        *("#99580a", "#8c2f5a", "#2b5b9c", "#6f675c", "#2f7446"),
    ),
    True: (
        *("#e8e4da", "#e0a48c", "#8fc1c4", "#bdaee0", "#c3c98a"),
        *("#e6b85c", "#ea9abd", "#8fb4ee", "#a59d90", "#8ccb94"),
    ),
}
"""One for each line of a chart, by `dark`; clouds use the first `CLOUD_INKS`. Each ink has a contrast of at least 4.5 : 1 on its paper (WCAG 2.2, 1.4.3). A test checks this."""

CLOUD_INKS = 5

# The size of a word, in em: a letter of DejaVu Serif is about 0.6 wide, a line with its margin about 1.2 high.
LETTER_WIDTH, LINE_HEIGHT = 0.6, 1.2
# A larger share of the page cannot be filled without shrinking the last words.
FILLED = 0.5


def largest_share(*all_counts: Mapping[str, int]) -> float:
    """Return the largest share of any word in these counts: the common scale of their clouds."""
    return max((top(counts, 1)[0][2] for counts in all_counts if any(counts.values())), default=0.0)


def cloud(
    counts: Mapping[str, int],
    *,
    width: int,
    height: int,
    dark: bool,
    rng: np.random.Generator,
    largest: float | None = None,
    scale: int = 1,
) -> "Image":
    """Draw the most frequent words of `counts` on a page of `width` × `height` pixels (RGB), enlarged by `scale`.

    A word's area follows its share of all counted words; `largest` is the share that gets the largest letters
    (by default the largest in `counts`). Words that do not fit are not drawn. The same arguments and
    `rng` give the same picture. Raises `PoetBotError` for a page out of bounds and if nothing can be drawn.
    """
    for name, side in (("width", width), ("height", height)):
        if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
            raise PoetBotError(
                "A cloud's {side} must be {low:,} to {high:,} pixels, not {given}.",
                side=name,
                low=SMALLEST_SIDE,
                high=LARGEST_SIDE,
                given=side,
            )
    if not any(count > 0 for count in counts.values()):
        raise PoetBotError("There are no words to draw yet. Write a poem first, or include common words.")
    if largest is None:
        largest = largest_share(counts)
    if not 0 < largest <= 1:
        raise PoetBotError(
            "The largest share of a cloud must be above 0 and at most 1, not {share}.", share=largest
        )

    wanted = top(counts, MOST_WORDS)
    font = font_for(word for word, _, _ in wanted)
    sizes = _letter_sizes(wanted, letters_of(font), width=width, height=height, largest=largest)
    if not sizes:
        raise PoetBotError("These words are too long to draw. Read them in the table instead.")
    random = Random(int(rng.integers(2**63)))
    return _layout(sizes, font, width=width, height=height, dark=dark, random=random, scale=scale).to_image()


def side_by_side(
    clouds: Mapping[str, Mapping[str, int]], *, dark: bool, largest: float | None = None
) -> "Image":
    """Draw several clouds side by side, each 640 × 440 pixels below its title; `largest` as in `cloud`.

    Raises `PoetBotError` as `cloud` does.
    """
    from PIL import Image, ImageDraw, ImageFont

    width, height, band = 640, 440, 40
    page = Image.new("RGB", (width * len(clouds), height + band), PAPER[dark])
    write = ImageDraw.Draw(page)
    letters = ImageFont.truetype(str(bundled_font()), 20)
    for k, (title, counts) in enumerate(clouds.items()):
        rng = np.random.default_rng(0)
        picture = cloud(counts, width=width, height=height, dark=dark, rng=rng, largest=largest)
        page.paste(picture, (width * k, band))
        write.text((width * k + width // 2, band // 2), title, INKS[dark][0], letters, anchor="mm")
    return page


def _letter_sizes(
    wanted: Sequence[tuple[str, int, float]],
    drawable: frozenset[int],
    *,
    width: int,
    height: int,
    largest: float,
) -> dict[str, int]:
    """Return as many words as fit on the page with their letter size in pixels, largest first."""
    largest_letters = min(height / 6, width / 11)
    room = FILLED * width * height
    sizes: dict[str, int] = {}
    for word, _, share in wanted:
        if len(word) > LONGEST_WORD or not drawable.issuperset(map(ord, word)):
            continue
        size = max(SMALLEST_LETTERS, round(largest_letters * math.sqrt(min(1.0, share / largest))))
        room -= size * LINE_HEIGHT * size * _ems(word)
        if room < 0 and sizes:
            break
        sizes[word] = size
    return sizes


def _ems(word: str) -> float:
    """Return the width of a word in em. A Chinese character is one em wide."""
    return sum(1.0 if ord(letter) in CJK else LETTER_WIDTH for letter in word)


def _layout(
    sizes: Mapping[str, int],
    font: Path,
    *,
    width: int,
    height: int,
    dark: bool,
    random: Random,
    scale: int = 1,
) -> "WordCloud":
    """Lay out the words in their sizes. wordcloud finds the positions."""
    from wordcloud import WordCloud  # loads matplotlib, about half a second: see word_counts

    inks = INKS[dark][:CLOUD_INKS]

    def ink(word: str, **_: Any) -> str:
        return inks[zlib.crc32(word.encode()) % len(inks)]  # hash() changes with every process

    first = next(iter(sizes.values()))
    layout = WordCloud(
        font_path=str(font),
        width=width,
        height=height,
        scale=scale,
        background_color=PAPER[dark],
        color_func=ink,
        max_words=MOST_WORDS,
        max_font_size=first,
        min_font_size=SMALLEST_LETTERS - 3,  # the last words may shrink a little before they are left out
        relative_scaling=1,  # the given sizes, not sizes by rank
        margin=6,  # adjacent words must not read as one
        prefer_horizontal=1,  # horizontal words only
        random_state=random,
    )
    # wordcloud computes sizes from frequencies by repeated rounding. Ratios of integer sizes are not affected.
    return layout.generate_from_frequencies({word: size / first for word, size in sizes.items()})
