"""Convert WordPress shortcodes (https://developer.wordpress.org/plugins/shortcodes/) and marks of plugins to HTML.

Which names are shortcodes depends on a site's plugins, so words in brackets are one if their name is known, if they have attributes of
the form `name="value"`, or if there is an end tag. Anything else in brackets is text.
"""

import re

_SHORTCODE = re.compile(r"\[(\[?)(/?)([A-Za-z][\w-]{0,60}+)(?![\w-])([^\[\]]*+)\](\]?)")
_ATTRIBUTE = re.compile(r"""\s[\w-]{1,60}+\s?=\s?["'&\w\u201c\u2033]""")
_NOT_A_NAME = re.compile(r"\s*/?\s*")
_WORDS = re.compile(r"[_-]")

_GONE = frozenset(
    [
        "caption",
        "gallery",
        "audio",
        "video",
        "playlist",
        "embed",
        "youtube",
        "vimeo",
        "soundcloud",
        "spotify",
        "bandcamp",
        "instagram",
        "tweet",
        "twitter",
        "googlemaps",
        "map",
        "form",
        "wpforms",
        "gravityform",
        "contact",
        "ref",
        "footnote",
        "footnotes",
        "efn",
        "fn",
        "code",
        "sourcecode",
        "raw",
        "image",
        "img",
        "button",
        "slider",
        "slideshow",
        "slideshare",
        "recaptcha",
    ]
)
"""Words in the names of shortcodes whose content isn't text."""
_VERSE = frozenset(("poem", "poetry", "verse", "lyrics"))
_LAYOUT = frozenset(
    [
        "section",
        "row",
        "column",
        "columns",
        "col",
        "text",
        "tab",
        "tabs",
        "toggle",
        "accordion",
        "box",
        "container",
        "half",
        "third",
        "fourth",
        "fifth",
        "inner",
        "block",
        "blurb",
        "group",
        "center",
        "quote",
        "blockquote",
        "pullquote",
        "spoiler",
    ]
)
"""Words in the names of shortcodes that contain paragraphs."""
_BUILDERS = frozenset(("et", "vc", "fusion", "av", "mk", "cs", "fl"))
"""Prefixes of the shortcodes of page builders."""
_ALONE = frozenset(
    [
        "gallery",
        "audio",
        "video",
        "playlist",
        "embed",
        "caption",
        "youtube",
        "vimeo",
        "soundcloud",
        "contact-form",
        "gravityform",
        "poem",
        "toc",
        "nextpage",
        "footnotes",
        "recent-posts",
        "sitemap",
        "archives",
        "jetpack_subscription_form",
        "sharedaddy",
    ]
)
"""Names that are a shortcode even without attributes and an end tag."""
_NOTES = (re.compile(r"(?<=[^\s(])\(\((?!\()[^()]{1,2000}\)\)"), re.compile(r"(?<=[^\s\[])\[\d{1,3}\]"))
"""Notes and note marks of plugins, right after a word: `word((a note))`, `word[1]`."""


def without_shortcodes(markup: str) -> str:
    """Return HTML without shortcodes, and without their content if it isn't text of the post: captions, players, notes.

    `[poem]…[/poem]` and similar ones become `<poem>` elements; `[[name]]`, an escaped one, becomes `[name]`. Plain words in brackets stay.
    The time is linear.
    """
    if "[" not in markup and "((" not in markup:
        return markup
    tokens = list(_SHORTCODE.finditer(markup))
    ends = _ends(tokens)
    kept: list[str] = []
    at = 0
    verse_ends: set[int] = set()
    for number, token in enumerate(tokens):
        if token.start() < at:
            continue
        name = token[3]
        words = frozenset(_WORDS.split(name.lower()))
        if token[1] and token[5] and (token[2] or _is_shortcode(token, words, False)):
            kept += markup[at : token.start()], token[0][1:-1]
            at = token.end()
            continue
        # A literal bracket may be next to a shortcode: "[[b]x[/b]]".
        start, stop = token.start() + len(token[1]), token.end() - len(token[5])
        end = ends.get(number)
        if token[2]:
            kept += markup[at:start], "</poem>" if number in verse_ends else _in_its_place(words)
            at = stop
        elif _is_shortcode(token, words, end is not None):
            kept.append(markup[at:start])
            at = stop
            if end is None:
                kept.append(_in_its_place(words))
            elif words & _GONE:
                at = tokens[end].end() - len(tokens[end][5])
            elif words & _VERSE:
                kept.append("<poem>")
                verse_ends.add(end)
            else:
                kept.append(_in_its_place(words))
    markup = "".join(kept) + markup[at:]
    for note in _NOTES:
        markup = note.sub("", markup)
    return markup


def _ends(tokens: list[re.Match[str]]) -> dict[int, int]:
    """Return which token ends the shortcode that another one begins, by number."""
    ends: dict[int, int] = {}
    next_end: dict[str, int] = {}
    for number in range(len(tokens) - 1, -1, -1):
        name = tokens[number][3]
        if tokens[number][2]:
            next_end[name] = number
        elif name in next_end:
            ends[number] = next_end.pop(name)
    return ends


def _is_shortcode(token: re.Match[str], words: frozenset[str], ended: bool) -> bool:
    name, rest = token[3], token[4]
    if ended or _ATTRIBUTE.match(rest):
        return True
    if not _NOT_A_NAME.fullmatch(rest):
        return False
    return name in _ALONE or "_" in name


def _in_its_place(words: frozenset[str]) -> str:
    """Return the replacement of a layout tag: the edge of a paragraph, or nothing within a line."""
    return "<section></section>" if words & _LAYOUT or words & _BUILDERS else ""
