"""Files that do not say their encoding, as HTML: how each was read, a line to see whether that is right, and a choice."""

from collections.abc import Sequence
from html import escape

from poetbot.library.corpora import State
from poetbot.library.corpora.summary import Encoded
from poetbot.web.tabs.teach.words import TeachWords


def choices_html(state: State, encoded: Sequence[Encoded], words: TeachWords) -> str:
    """Return a choice of encodings for each file, each with what it makes of one line."""
    return "".join(_choice_html(state, each, words) for each in encoded)


def _choice_html(state: State, read: Encoded, words: TeachWords) -> str:
    name = state.files[read.file].name
    chosen = read.file in state.encodings
    said = (words.encoding_chosen if chosen else words.encoding_guessed).format(
        name=name, encoding=read.encoding
    )
    html = f"<p>{escape(said)}</p>"
    if read.line:
        html += f'<p class="sample" dir="auto">{escape(read.line)}</p>'
    choices = [choice for choice in read.choices if choice[0] != read.encoding]
    if not choices:
        return f'<div class="encoding">{html}</div>'
    options = "".join(
        f'<option value="{escape(encoding)}"{" selected" if encoding == read.encoding else ""}>'
        f"{escape(words.encoding_option.format(encoding=encoding, line=line))}</option>"
        for encoding, line in ((read.encoding, read.line), *choices)
    )
    spoken = words.encoding_of.format(name=name)
    return (
        f'<div class="encoding">{html}<div class="fields"><label>{escape(words.encoding)} '
        f'<select data-encoding="{read.file}" aria-label="{escape(spoken)}">{options}</select></label>'
        f'<button type="button" data-do="encoding" data-key="encoding-{read.file}">{escape(words.choose_encoding)}'
        f"</button></div></div>"
    )
