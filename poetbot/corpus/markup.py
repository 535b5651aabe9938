"""HTML to text, with the line breaks that a reader sees.

Of a tag only its name matters here, so one regular expression finds them. The standard library's parser reads
attributes too, and on broken markup takes time that grows with the square of the length (CVE-2025-6069) or raises.
"""

import html
import re

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "head",
        "noscript",
        "figure",
        "form",
        "textarea",
        "select",
        "svg",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")

# Stand for `<br>`, the edge of a block and a line end in the source until all is known: from the private use area.
_BREAK, _PARAGRAPH, _NEWLINE = "\ue000", "\ue001", "\ue002"
_MARKS = str.maketrans("", "", _BREAK + _PARAGRAPH + _NEWLINE)
_SPACES = re.compile(r"[ \t\f\v]+")
_AROUND = re.compile(rf" ?([{_BREAK}{_PARAGRAPH}{_NEWLINE}]) ?")


def text_of_html(markup: str, *, keep_lines: bool = False) -> str:
    """Return the text of HTML: a line for `<br>`, an empty line between paragraphs, `<pre>` as it is.

    A line end in the source is a space, as in a browser; with `keep_lines` it is a line end, as in posts that
    WordPress breaks into lines itself. Comments, scripts, styles and figures are left out. Any string will do, nothing
    is raised, and the time grows with the length alone.
    """
    markup = _without_comments(markup.replace("\r\n", "\n").replace("\r", "\n").translate(_MARKS))
    newline = _NEWLINE if keep_lines else " "
    pieces: list[str] = []
    hidden, preformatted, start = None, 0, 0
    for match in _TAG.finditer(markup):
        closes, tag = bool(match[1]), match[2].lower()
        if hidden:
            # A hidden element inside one of its own kind is not expected: its first end tag ends both.
            if closes and tag == hidden:
                hidden, start = None, match.end()
            continue
        pieces.append(_seen(markup[start : match.start()], newline, preformatted > 0))
        start = match.end()
        if tag in _HIDDEN and not closes:
            hidden = tag
        elif tag == "br":
            pieces.append(_BREAK)
        elif tag in _BLOCKS:
            pieces.append(_PARAGRAPH)
            if tag == "pre":
                preformatted = max(preformatted + (-1 if closes else 1), 0)
    if not hidden:
        pieces.append(_seen(markup[start:], newline, preformatted > 0))
    return _laid_out("".join(pieces))


def _without_comments(markup: str) -> str:
    """Return the markup without `<!-- … -->`; one that does not end takes the rest with it."""
    kept: list[str] = []
    start = 0
    while (opened := markup.find("<!--", start)) >= 0:
        kept.append(markup[start:opened])
        closed = markup.find("-->", opened + 4)
        if closed < 0:
            return "".join(kept)
        start = closed + 3
    return "".join(kept) + markup[start:]


def _seen(text: str, newline: str, preformatted: bool) -> str:
    """Return a run of text between tags with its entities as characters."""
    text = html.unescape(text).translate(_MARKS).replace("\r", "\n")
    if preformatted:
        return text.expandtabs(4).replace(" ", "\xa0").replace("\n", _NEWLINE)
    return text.replace("\n", newline)


def _laid_out(text: str) -> str:
    """Return the text with its marks as line ends, at most one empty line in a row."""
    text = _AROUND.sub(r"\1", _SPACES.sub(" ", text))
    # Source code often has a line end after each <br>: that is one break, not two.
    text = text.replace(_BREAK + _NEWLINE, "\n").replace(_BREAK, "\n").replace(_NEWLINE, "\n")
    text = text.replace(_PARAGRAPH, "\n\n").replace("\xa0", " ")
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line, above in zip(lines, ["", *lines[:-1]], strict=True) if line or above]
    return "\n".join(kept).rstrip("\n")
