"""Growth in the Study tab: the same first words through the epochs of a poet's training and through temperatures."""

from collections.abc import Sequence
from typing import NamedTuple

from poetbot.locale import Locale
from poetbot.study.growth import Stage
from poetbot.web.components.templates import render

_MAX_CHARACTERS = 4_000  # shown of a poem


class _Poem(NamedTuple):
    title: str
    given: str
    written: str


def growth_html(poet: str, epochs: Sequence[Stage], temperatures: Sequence[Stage], language: Locale) -> str:
    """Return the poems side by side, those of kept epochs first."""
    _ = language.gettext
    return render(
        "tabs/study/growth.html",
        language,
        poet=poet,
        notices=dict.fromkeys(
            language.say(notice) for stage in temperatures for notice in stage.poem.notices
        ),
        epochs=[
            _poem(
                _("Now")
                if stage.epoch is None
                else language.ngettext(
                    "After {n} reading of its poems", "After {n} readings of its poems", stage.epoch
                ),
                stage,
            )
            for stage in epochs
        ],
        temperatures=[
            _poem(_("Temperature {t}", t=f"{stage.temperature:g}"), stage) for stage in temperatures
        ],
    )


def _poem(title: str, stage: Stage) -> _Poem:
    text, seed = stage.poem.text, stage.poem.seed_characters
    return _Poem(title, text[:seed], text[seed:][:_MAX_CHARACTERS].rstrip())
