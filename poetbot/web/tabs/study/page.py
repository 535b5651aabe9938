"""The Study tab before anything is found: its parts, and what can be chosen in each. Words come escaped, once."""

from collections.abc import Sequence
from html import escape

from poetbot.corpus.named_corpora import BUNDLED
from poetbot.study.stop_words import LANGUAGES
from poetbot.web.tabs.study.words import StudyWords

PARTS = ("words", "sound", "curves", "growth", "surprise")
OWN = "own"
"""Instead of the number of a poem: the text of the box. Instead of a corpus: what the poet has read."""

Choices = Sequence[tuple[str, str]]


def page_html(words: StudyWords) -> str:
    """Return the page. Gradio reads it as a template: raises ValueError where it holds one of its signs."""
    names = [getattr(words, f"part_{part}") for part in PARTS]
    tabs = "".join(
        f'<button type="button" role="tab" id="st-tab-{part}" aria-controls="st-{part}" '
        f'aria-selected="{str(not k).lower()}" tabindex="{-bool(k)}">{escape(name)}</button>'
        for k, (part, name) in enumerate(zip(PARTS, names, strict=True))
    )
    panels = {
        # How far the writing is stands above the clouds, which are far longer than a window.
        "words": _asking("write", "", words) + _asking("words", _words(words), words),
        "sound": (
            f"<h2>{escape(words.one_poem)}</h2>{_asking('marks', _poem(words, words.listen), words)}"
            f"<h2>{escape(words.whole_poet)}</h2>{_asking('shares', _shares(words), words)}"
        ),
        "curves": _asking("curves", _curves(words), words),
        "growth": _asking("growth", _growth(words), words),
        "surprise": _asking("surprise", _poem(words, words.look), words),
    }
    shown = "".join(
        f'<section role="tabpanel" id="st-{part}" aria-labelledby="st-tab-{part}"{" hidden" * bool(k)}>{panels[part]}</section>'
        for k, part in enumerate(PARTS)
    )
    html = (
        f'<div class="st" data-working="{escape(words.study_working)}" data-stopped="{escape(words.study_stopped)}" '
        f'data-own="{escape(words.own_text)}" data-expected="{escape(words.unit_best)}">'
        '<p class="unseen" role="status" data-part="status"></p>'
        f'<div class="parts" role="tablist" aria-label="{escape(words.study_parts)}">{tabs}</div>'
        f'<div class="who">{_select("poet", words.study_poet, ())}</div>{shown}</div>'
    )
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def languages(words: StudyWords) -> dict[str, str]:
    """Return the languages whose common words are known: code and name."""
    return dict(zip(LANGUAGES, words.languages.split(words.tongue.listed), strict=True))


def _asking(name: str, controls: str, words: StudyWords) -> str:
    """Return controls, and the place for what they ask for: how far the work is, a sentence, and what was found."""
    return (
        f'<div class="asking" data-ask="{name}"><form autocomplete="off">{controls}</form>'
        '<div class="working" hidden><progress max="1"></progress> <span></span> '
        f'<button type="button" data-do="stop">{escape(words.study_stop)}</button></div>'
        '<div class="sentence" role="alert"></div><div class="found" tabindex="-1"></div></div>'
    )


def _words(words: StudyWords) -> str:
    by: Choices = (("count", words.by_count), ("key", words.by_key))
    common: Choices = (
        ("auto", words.common_auto),
        ("none", words.common_none),
        *languages(words).items(),
    )
    chinese: Choices = (("characters", words.by_character), ("words", words.by_word))
    return (
        _select("by", words.words_by, by)
        + _select("common", words.common_words, common)
        + _select("unit", words.chinese_by, chinese, hidden=True)
    )


def _poem(words: StudyWords, button: str) -> str:
    return (
        _select("poem", words.which_poem, ((OWN, words.own_text),))
        + f'<label class="text">{escape(words.own_text_hint)}<textarea name="text" rows="6" spellcheck="false"></textarea></label>'
        + _button(button)
    )


def _shares(words: StudyWords) -> str:
    people: Choices = ((OWN, words.its_own_corpus), *((name, name) for name in BUNDLED))
    return _select("people", words.compare_with, people) + _button(words.compare)


def _curves(words: StudyWords) -> str:
    figures: Choices = (
        ("losses", words.both_losses),
        ("validation_nats", words.held_out_loss),
        ("training_nats", words.training_loss),
        ("accuracy", words.accuracy),
        ("learning_rate", words.learning_rate),
    )
    along: Choices = (("epoch", words.by_epoch), ("minutes", words.by_minutes))
    return (
        f'<fieldset data-part="histories"><legend>{escape(words.curves_of)}</legend></fieldset>'
        + _select("figure", words.curve_figure, figures)
        + _select("along", words.curves_by, along)
    )


def _growth(words: StudyWords) -> str:
    return (
        f'<label class="wide">{escape(words.first_words)}<input type="text" name="seed" maxlength="300" '
        f'placeholder="{escape(words.first_words_hint)}"></label>'
        + _number("lines", words.lines, "4", "1", "24", "1")
        + _number("rng", words.rng, "0", "0", "999999999", "1")
        + _number("temperature", words.temperature, "0.7", "0", "2", "0.05")
        + _button(words.grow)
    )


def _select(name: str, label: str, choices: Choices, *, hidden: bool = False) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(shown)}</option>' for value, shown in choices)
    return f'<label{" hidden" * hidden}>{escape(label)}<select name="{name}">{options}</select></label>'


def _number(name: str, label: str, value: str, least: str, most: str, step: str) -> str:
    return (
        f'<label>{escape(label)}<input type="number" name="{name}" value="{value}" min="{least}" max="{most}" '
        f'step="{step}" required></label>'
    )


def _button(label: str) -> str:
    return f'<button type="submit">{escape(label)}</button>'


def keep_buttons(words: StudyWords, *kinds: str) -> str:
    """Return the buttons that hand over a picture or a table of what was found."""
    names = {"png": words.keep_png, "csv": words.keep_csv}
    buttons = "".join(
        f'<button type="button" data-keep="{kind}">{escape(names[kind])}</button>' for kind in kinds
    )
    return f'<div class="actions">{buttons}</div>'


def table_html(heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; `heads` say of each column whether it holds numbers, and cells are HTML already."""
    kinds = ['class="number"' if number else "" for _, number in heads]
    head = "".join(
        f'<th scope="col" {kind}>{escape(name)}</th>' for (name, _), kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(f'<td {kind}>{cell}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>"
        for row in rows
    )
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
