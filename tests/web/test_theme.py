"""Colours that can be read, and no font from elsewhere."""

import re
from pathlib import Path

import pytest

from poetbot.study.clouds import PAPER
from poetbot.web import theme

UI = Path(theme.__file__).parent


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, WCAG 2.2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [0, 1])
def test_text_and_edges_have_enough_contrast(dark: int) -> None:
    colours = {name: pair[dark] for name, pair in theme.COLOURS.items()}
    for ground in ("paper", "desk", "tint", "faint-tint"):
        for text in ("ink", "soft-ink", "accent"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent-hover"]) >= 4.5
    assert contrast(colours["edge"], colours["paper"]) >= 3
    assert colours["paper"] == PAPER[bool(dark)]  # the clouds lie on the same paper


def test_fonts_and_files_come_from_this_machine() -> None:
    made = theme.theme()
    assert made._stylesheets == [] and "url(" not in "".join(made._font_css)
    for file in UI.rglob("*.css"):
        assert not re.search(r"url\(|@import|https?:", file.read_text("utf-8"))
    assert not re.search(r"https?:", (UI / "tabs" / "write" / "page.js").read_text("utf-8"))
