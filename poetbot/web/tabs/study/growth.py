"""Growth in the Study tab: the same first words through the epochs of a poet's training and through temperatures."""

from collections.abc import Sequence
from html import escape

from poetbot.study.growth import Stage
from poetbot.web.tabs.study.words import StudyWords

_SHOWN = 4_000  # characters of a poem


def growth_html(poet: str, epochs: Sequence[Stage], temperatures: Sequence[Stage], words: StudyWords) -> str:
    """Return the poems side by side, those of kept epochs first; a sentence where none were kept."""
    if epochs:
        stages = [
            (words.now if stage.epoch is None else words.after_epoch.format(n=stage.epoch), stage)
            for stage in epochs
        ]
        through = _row(words.through_epochs, stages, words)
    else:
        through = f'<p class="nothing">{escape(words.no_epochs.format(poet=poet))}</p>'
    heats = [(words.at_temperature.format(t=f"{stage.temperature:g}"), stage) for stage in temperatures]
    notices = dict.fromkeys(notice for stage in temperatures for notice in stage.poem.notices)
    said = "".join(f'<p class="note">{escape(words.tongue.said(notice))}</p>' for notice in notices)
    return (
        f"{said}{through}{_row(words.through_temperatures, heats, words)}"
        f'<p class="note">{escape(words.growth_note)}</p>'
    )


def _row(title: str, stages: Sequence[tuple[str, Stage]], words: StudyWords) -> str:
    poems = "".join(f"<li><h3>{escape(name)}</h3>{_poem(stage, words)}</li>" for name, stage in stages)
    return f'<h2>{escape(title)}</h2><ol class="stages">{poems}</ol>'


def _poem(stage: Stage, words: StudyWords) -> str:
    poem = stage.poem
    given, written = poem.text[: poem.seed_characters], poem.text[poem.seed_characters :][:_SHOWN]
    if not written.strip():
        return f'<p class="written nothing">{escape(given)} {escape(words.empty_poem)}</p>'
    return f'<p class="written"><span class="given">{escape(given)}</span>{escape(written.rstrip())}</p>'
