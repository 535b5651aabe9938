"""The Study tab before anything is asked: its parts, and what can be chosen in each."""

from typing import Any

from poetbot.corpus.named_corpora import BUNDLED
from poetbot.locale import Locale
from poetbot.study.stop_words import LANGUAGES
from poetbot.web.tabs.study.requests import MAX_LINES, MAX_RNG, OTHER_TEXT, OWN_CORPUS


def page_values(language: Locale) -> dict[str, Any]:
    """Return the values of the page's template."""
    _ = language.gettext
    common_words = [("auto", _("hide")), ("none", _("show"))]
    common_words += [(code, _("hide") + language.aside(language_name(code, language))) for code in LANGUAGES]
    return {
        "other_text": OTHER_TEXT,
        "own_corpus": OWN_CORPUS,
        "common_words": common_words,
        "corpora": [(name, name) for name in BUNDLED],
        "figures": figure_names(language),
        "max_lines": MAX_LINES,
        "max_rng": MAX_RNG,
    }


def figure_names(language: Locale) -> dict[str, str]:
    """Return what curves can show: keys of `curves.FIGURES` and their names."""
    _ = language.gettext
    return {
        "losses": _("how much poems surprise it (loss)"),
        "validation_nats": _("only poems it hasn't read"),
        "training_nats": _("only poems it reads"),
        "accuracy": _("how often it guesses right (accuracy)"),
        "learning_rate": _("how large its steps are (learning rate)"),
    }


def language_name(code: str, language: Locale) -> str:
    """Return the name of the language with that ISO 639-1 code."""
    return language.say(LANGUAGES[code])
