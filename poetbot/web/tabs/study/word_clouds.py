"""Words in the Study tab: two clouds, of what a poet read and of what it wrote, and the same numbers in tables."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.study.keyness import SURE, Key
from poetbot.study.word_comparison import Clouds, Comparison
from poetbot.web.components.templates import render
from poetbot.web.tabs.study.page import language_name

WIDTH, HEIGHT = (
    360,
    280,
)  # about the pixels that a cloud gets on a phone, so that its letters are legible there
SHARPNESS = 2  # pixels of the picture for each of them
MIN_POEMS = 5
"""Poems that a cloud of written words needs: with fewer, every word occurs once or twice."""
ROWS = 12  # of each table


class _Cloud(NamedTuple):
    title: str
    png: str = ""  # in base64
    rows: Sequence[tuple[str, ...]] = ()
    note: str = ""  # in place of the picture
    offers_writing: bool = False


@dataclass(frozen=True)
class CloudOptions:
    """How clouds are drawn, and how many poems the poet would write for them."""

    by_key: bool
    dark: bool
    poems_to_write: int


def written_title(poems: int, language: Locale) -> str:
    """Return the title of the cloud of what the poet wrote in so many poems."""
    if not poems:
        return language.gettext("What it wrote")
    return language.ngettext("What it wrote: {n} poem", "What it wrote: {n} poems", poems)


def clouds_html(comparison: Comparison, poems: int, options: CloudOptions, language: Locale) -> str:
    """Return both clouds with their tables. The poet's own words were counted in so many `poems`."""
    _ = language.gettext
    notes: list[str] = []
    written = comparison.all_wrote
    too_few = poems < MIN_POEMS
    title = written_title(poems, language)
    nothing_drawn = _Cloud(
        "" if options.by_key else title,
        rows=_count_rows(comparison.wrote) if written and not options.by_key else (),
        note=language.ngettext(
            "A cloud needs at least {most} poems, and it has written {n} in this session. Let it write some, or use the Write tab.",
            "A cloud needs at least {most} poems, and it has written {n} in this session. Let it write more, or use the Write tab.",
            poems,
            most=MIN_POEMS,
        )
        if written
        else _("It hasn't written anything in this session. Let it write some poems, or use the Write tab."),
        offers_writing=True,
    )
    if options.by_key and (not written or too_few):
        clouds = [nothing_drawn]
    elif options.by_key:
        drawn = comparison.clouds(by_key=True)
        more, less = key_titles(language)
        clouds = [
            _cloud(more, drawn.first, None, _key_rows(comparison.more), options, language),
            _cloud(less, drawn.second, None, _key_rows(comparison.less), options, language),
        ]
        notes = [
            _("The larger, the surer the difference (log-likelihood, G²)."),
            _("By chance, one word in a thousand reaches {sure}.", sure=SURE),
        ]
    else:
        drawn = comparison.clouds(by_key=False)
        largest = None if too_few else drawn.largest
        read_title = _("What it read")
        clouds = [
            _cloud(read_title, drawn.first, largest, _count_rows(comparison.read), options, language)
            if comparison.all_read
            else _Cloud(read_title, note=_("This poet has no record of the words it read.")),
            _cloud(title, drawn.second, largest, _count_rows(comparison.wrote), options, language)
            if written and not too_few
            else nothing_drawn,
        ]
        notes = [_("Words of the same size have the same share in both clouds. Colours have no meaning.")]
    if notes and comparison.language:
        name = language_name(comparison.language, language)
        notes.append(_("Common words are hidden ({language}).", language=name))
    elif notes:
        notes.append(_("Common words are shown."))
    return render(
        "tabs/study/words.html",
        language,
        clouds=clouds,
        by_key=options.by_key,
        poems_to_write=options.poems_to_write,
        width=WIDTH,
        height=HEIGHT,
        notes=notes,
        kinds=() if not (comparison.all_read and written) else ("csv",) if too_few else ("png", "csv"),
    )


def key_titles(language: Locale) -> tuple[str, str]:
    """Return the titles of the clouds of overused and of underused words."""
    return language.gettext("Written more often than read"), language.gettext("Written less often than read")


def clouds_png(clouds: Clouds, titles: Sequence[str], *, dark: bool) -> bytes:
    """Return both clouds in one picture. Raises PoetBotError if one has no words."""
    from poetbot.study.clouds import side_by_side

    page = dict(zip(titles, (clouds.first, clouds.second), strict=True))
    return _png(side_by_side(page, dark=dark, largest=clouds.largest))


def _cloud(
    title: str,
    counts: Mapping[str, int],
    largest: float | None,
    rows: Sequence[tuple[str, ...]],
    options: CloudOptions,
    language: Locale,
) -> _Cloud:
    from poetbot.study.clouds import cloud

    if not any(counts.values()):
        note = language.gettext(
            "Nothing is left without the common words. Show them, or choose another poet."
        )
        return _Cloud(title, note=note)
    try:
        rng = np.random.default_rng(0)
        image = cloud(
            counts, width=WIDTH, height=HEIGHT, dark=options.dark, rng=rng, largest=largest, scale=SHARPNESS
        )
    except PoetBotError as error:
        return _Cloud(title, rows=rows, note=language.say(error))
    return _Cloud(title, base64.b64encode(_png(image)).decode(), rows)


def _png(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _count_rows(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    from poetbot.study import top

    return [(word, f"{count:,}", f"{1000 * share:.1f}") for word, count, share in top(counts, ROWS)]


def _key_rows(keys: Sequence[Key]) -> list[tuple[str, ...]]:
    return [(key.word, f"{abs(key.keyness):.1f}", f"{key.wrote:,}", f"{key.read:,}") for key in keys[:ROWS]]
