"""Whatever is read, four times as much of it takes about four times as long: no input stops the app for everybody.

Long runs of every class of character, alone and in the places where an expression could begin or end, are given to
every function that reads what a visitor sends. A run that is read at once is fine; of a slow one the growth is measured.
"""

import io
import json
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from xml.sax.saxutils import escape

import pytest

from poetbot.corpus import (
    chinese_regular_verse,
    chinese_scripts,
    collection,
    deduplication,
    edition_marks,
    near_duplicates,
    one_line_poems,
    slurs,
    titles,
)
from poetbot.corpus.loading import PIECES, cut_into_pieces, parse_file
from poetbot.corpus.parts import Reading, judge
from poetbot.corpus.poems import find_poems
from poetbot.documents import gutenberg_header
from poetbot.documents.html.stylesheet import Stylesheet
from poetbot.documents.pdf_pages import text_of_pages
from poetbot.documents.reader import read_content
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError
from poetbot.library.corpora.part_edits import Edit, apply_edits
from poetbot.library.kept_poems import export_import, records
from poetbot.overlap import OverlapIndex, report
from poetbot.overlap.self_repetition import repetition
from poetbot.overlap.tokens import words
from poetbot.poem import MARKER, Poem, without_marker
from poetbot.poets import word_vocabulary as poets_words
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.study.chinese_words import count_chinese_words
from poetbot.verse.alliteration import alliterations
from poetbot.verse.chinese import chinese_lines, chinese_rhyme
from poetbot.verse.marks import checked, marks
from poetbot.verse.metre import metre_of
from poetbot.verse.repetition import anaphora, doubled, refrains
from poetbot.verse.rhyme import rhyme
from poetbot.verse.scheme import rhyme_scheme
from poetbot.verse.sounds import line_syllables, syllables
from poetbot.verse.word_letters import last_word, words_of
from poetbot.web.components import poem_view
from poetbot.web.serving import languages, ownership, routes
from poetbot.web.tabs.overlap import report_view
from poetbot.web.tabs.write import receipts
from poetbot.writing import forms, lexicon, phrases
from tests.documents.samples import epub, odt, pdf

LONG = 20_000
SHORTER = 10_000  # in `make test`; `make test-all` gives LONG at all places
POEM = 8_000  # of what is one poem or line, which the app takes no longer than some tens of thousands of characters
AT_ONCE = 0.2  # seconds of the processor that need no second look
MOST_GROWTH = 9.0  # of four times as much: linear is 4, quadratic 16

UNITS = [
    " ", "\t", "\u3000", "\u00a0", "\n", " \n", "\n\n\n", "\r", "\r\n", "\v", "\x85", "\u2028", "\0", "\u200b",
    "1", "12 ", "1\n", "IV\n", "a", "A", "é", "ß", "e\u0301", "\u0301", "夜", "夜，", "夜，夜。", "夜:", "。", "《", "》", "あ", "😀", "ב", "אֶ",
    ".", ". ", ",", ":", ": ", "a:", ";", "!", "?", "'", "a'", "'a", "’", '"', "-", "--", "- ", "—", "…", "_", "_a", "a_", "a_ ", "*", "*a", "a*", "**a ",
    "~", "=", "+", "++++\n", "#", "# ", "|", "| ", "\\", "\\n", "/", "%", "%\n", "&", "&amp;", "&#", "$", "^", "^a", "`", "```\n",
    "(", ")", "(a", "()", "[", "]", "[a", "[a]", "[1]", "[[", "![a](", "[a](b", "{", "}", "{1}", "<", ">", "<a", "<a ", "<a>", "</a>", "<!--", "<br>", "<p>", "> ",
    "a ", "a  ", "a b\n", "  a\n", "A a.\n", "by ", "by A\n", "from the ", "Author: ", "[a by ", "End of the Project Gutenberg ", "CHAPTER I\n", "www.",
]  # fmt: skip
MARKDOWN = [
    "**a", "~~a ", "==a", "::a ", "[[a|", "[[a]]", "[^a]", "^[a", "{: ", "{:.a}", "{{a", "{% a %}", "{{< poem >}}", "[poem]", "[/poem]",
    "<pre>", "</pre>", "<pre>a</pre>", "<!-- a -->", "%%a%%", "%%\n", "~~~\n", "``` \n``\n", ":::\n", "::: poem\n", "> a\n", "> [!verse]\n",
    "#a ", " #a", " ^a", "- a\n", "- [ ] a\n", "| a\n", "a|b\n-|-\n", "[^1]: a\n", "[a]: /b\n", "[a][b]", "a\\\n", "<sup>", "- - ", "a\n===\n",
    '<div class="poem">', "</div>", "<p class=poem>a", "<h1>a</h1>\n", "{% poem a,b %}", "{% poem ", "[poem title='a']", "::: poem\n::: a\n",
    "a\n{: .poem}\n", "title: a\n", "a:: b\n", "``a", "    a\n",
]  # fmt: skip
PLACES = ["{}x"]
MORE_PLACES = ["{}", "x{}", "x {} x", "A line above,\n{}\nand one below.\n"]


def _printable(text: str) -> str:
    return escape("".join(c for c in text if c in "\n\t" or (c.isprintable() and c != "\ufffe")))


def _docx(text: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    clean = _printable(text)
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in clean.split("\n")
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        made.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return data.getvalue()


def _post(text: str) -> bytes:
    clean = "".join(c for c in text if c in "\n\t" or c.isprintable()).replace("]]>", "")
    item = (
        f"<item><title>{escape(clean[:100])}</title><content:encoded><![CDATA[{clean}]]></content:encoded>"
        "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
    )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:wp="http://wordpress.org/export/1.2/"><channel>{item}</channel></rss>'
    ).encode()


def _file(ending: str) -> Callable[[str], object]:
    return lambda text: read_content(text.encode("utf-8", "replace"), f"poems{ending}")


def _record(text: str) -> object:
    return read_content(
        json.dumps([{"text": text, "title": text}]).encode(), "poems.json", FieldChoice(filtered=False)
    )


@cache
def _index() -> OverlapIndex:
    return OverlapIndex.build([Poem("The lamp is low, the street is long,\nA kettle sings.", title="Lamp")])


def _poems(text: str) -> list[Poem]:
    return [Poem(part) for part in (text, f"{text} ", "A lamp\nand a wall")]


READERS: dict[str, Callable[[str], object]] = {
    **{
        f"opened {ending}": _file(ending)
        for ending in (".txt", ".md", ".csv", ".json", ".jsonl", ".ndjson", ".xml", ".html")
    },
    **{f"opened bytes {ending}": _file(ending) for ending in (".docx", ".epub", ".odt", ".pdf")},
    "opened document": lambda text: read_content(_docx(text), "poems.docx"),
    "opened OpenDocument": lambda text: read_content(
        odt(f"<text:p>{_printable(text)}</text:p>"), "poems.odt"
    ),
    "opened book": lambda text: read_content(epub({"a.xhtml": text}), "poems.epub"),
    "opened PDF": lambda text: read_content(
        pdf([f"BT /F1 9 Tf 9 9 Td ({text}) Tj {text}".encode()]), "poems.pdf"
    ),
    "stylesheet": lambda text: (Stylesheet().add(text), Stylesheet().add(f"p{{margin:{text}}}")),
    "pages": lambda text: text_of_pages([text, f"{text}9", f"a\n\n{text}"]),
    "opened post": lambda text: read_content(_post(text), "poems.xml"),
    "opened record": _record,
    "brought": lambda text: parse_file(text.encode("utf-8", "replace"), "poems.txt"),
    **{f"pieces {pieces}": lambda text, p=pieces: cut_into_pieces(text, p) for pieces in PIECES},
    **{f"judge {reading}": lambda text, r=reading: judge(text, r) for reading in Reading},
    "verse": lambda text: find_poems(f"A lamp, a wall, \n{text}x\nA kettle on the stove,\nA call,\n"),
    "song sheet": lambda text: find_poems(f"[Chorus]\n{text}x\n[Chorus]\n"),
    "one line": lambda text: one_line_poems.poems_by_line(text, None),
    "imprint": lambda text: (
        gutenberg_header.is_gutenberg(text),
        gutenberg_header.author_named(text),
        gutenberg_header.later_authors(text),
    ),
    "editions": lambda text: edition_marks.without_italics(
        edition_marks.without_note_marks(edition_marks.without_margin_numbers(text))
    ),
    "marker": without_marker,
    "title": titles.clean_title,
    "slurs": slurs.has_slur,
    "near duplicates": lambda text: near_duplicates.near_duplicate_groups(_poems(text)),
    "kept once": lambda text: deduplication.find_repeats(_poems(text), set(), lambda share: None),
    "regular verse": lambda text: chinese_regular_verse.regular_verse(_poems(text), (5, 7)),
    "collection": lambda text: collection.looks_like_a_collection(text, judge(text, Reading.FILTER).parts),
    "scripts": lambda text: [chinese_scripts.in_script(text, s) for s in ("simplified", "traditional")],
    "overlap words": lambda text: words(text).strings(),
    "overlap report": lambda text: report(_index(), text),
    "overlap poems": lambda text: repetition([(poem, ()) for poem in report_view.poems_of(text)]),
    "tokens of words": poets_words.tokens,
    "vocabulary of words": lambda text: poets_words.Words.of([text], min_count=1),
    "form": lambda text: forms.Form.from_json({"rhymes": text, "lines": text}),
    "form named": lambda text: forms.form_named(text),
    "chinese words": lambda text: count_chinese_words([text]),
    "receipt": receipts.parsed,
    "receipt of data": lambda text: receipts.parsed(json.dumps({"poet": text})),
    "imported text": export_import.poems_of_text,
    "imported JSON": export_import.poems_of_json,
    "clean": records.clean,
    "kept line": lambda text: records.check_starred_line(text),
    "collection name": lambda text: records.check_collection_name(text),
    "first line": poem_view.first_line,
    "languages": lambda text: languages.preferred(text, ["en", "zh"]),
    "files named": lambda text: list(ownership.files_named({"path": text})),
    "address": lambda text: [
        e.fullmatch(f"/gradio_api/{text}") for e in (routes.STATIC, routes._GET, routes._POST)
    ],
}

OF_POEMS: dict[str, Callable[[str], object]] = {
    "words": words_of,
    "last word": last_word,
    "rhyme": lambda text: (rhyme(text, "night"), rhyme(text, text + "a")),
    "scheme": rhyme_scheme,
    "syllables": lambda text: (line_syllables(text), syllables(text)),
    "metre": metre_of,
    "alliteration": alliterations,
    "anaphora": lambda text: anaphora(text.split("\n")),
    "doubled": doubled,
    "refrains": lambda text: refrains(text.split("\n")),
    "chinese verse": lambda text: (chinese_lines(text), chinese_rhyme(text, text + "夜")),
    "marks": lambda text: marks(checked(text)),
    "phrases": phrases.phrases,
    "word begun": lexicon.begun,
}


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Stop a reader that would run for hours, where the system can."""

    def stop(*_: object) -> None:
        raise AssertionError(f"It took more than {seconds} seconds.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _seconds(reader: Callable[[str], object], text: str) -> float:
    before = time.process_time()
    with suppress(PoetBotError):
        reader(text)
    return time.process_time() - before


def growth(reader: Callable[[str], object], unit: str, place: str, longest: int = LONG) -> float:
    """Return how many times as long a run takes that is four times as long; 0 where it is read at once."""

    def read(length: int) -> float:
        return _seconds(reader, place.format(unit * (length // len(unit))))

    return _growth(read, longest)


def _growth(seconds: Callable[[int], float], most: int) -> float:
    """Return how many times as long `most` takes as a quarter of it; 0 where it is done at once.

    A machine that does something else only ever makes it longer: what is little already isn't measured again.
    """
    slow = seconds(most)
    if slow < AT_ONCE:
        return 0.0
    quick = min(seconds(most // 4) for _ in range(3))
    if slow > MOST_GROWTH * quick:
        slow = min(seconds(most) for _ in range(3))
    return 0.0 if slow < AT_ONCE else slow / quick


def _slow(name: str, places: list[str], longest: int) -> dict[tuple[str, str], float]:
    reader, longest = (READERS[name], longest) if name in READERS else (OF_POEMS[name], POEM)
    with _at_most(120):
        times = {(unit, place): growth(reader, unit, place, longest) for place in places for unit in UNITS}
    return {where: round(each, 1) for where, each in times.items() if each > MOST_GROWTH}


@pytest.mark.parametrize("name", [*READERS, *OF_POEMS])
def test_time_grows_with_the_length(name: str) -> None:
    assert not _slow(name, PLACES, SHORTER)


@pytest.mark.parametrize(
    "place", [*PLACES, "A line above,\n{}\nand one below.\n", "---\n{}", "# a\n{}\n[/poem]</pre>-->"]
)
def test_time_grows_with_the_length_of_markdown(place: str) -> None:
    with _at_most(120):
        times = {unit: growth(READERS["opened .md"], unit, place, 2 * SHORTER) for unit in MARKDOWN}
    assert not {unit: round(each, 1) for unit, each in times.items() if each > MOST_GROWTH}


OF_MANY: dict[str, tuple[Callable[[int], object], int]] = {
    "verse below empty lines": (
        lambda n: READERS["opened .html"]("a" + "<br>" * n + "<hr><pre></pre>" * n),
        8_000,
    ),
    "headings in verse below empty lines": (
        lambda n: READERS["opened .html"]("a" + "<br>" * n + "<div class=poem>" + "<h2></h2>" * n),
        8_000,
    ),
    "elements that set in what stands in them": (
        lambda n: read_content(epub({"a.xhtml": '<div style="margin-left:9em">a' * n}), "poems.epub"),
        4_000,
    ),
    "verse in one line": (lambda n: READERS["opened .md"]("[poem]a[/poem]" * n), 40_000),
    "a word of subwords": (
        lambda n: Subwords(["a", "b", "ab", MARKER], [(0, 1)]).ids_of("ab" * n),
        4_000,
    ),
    "parts of a poem that was edited": (
        lambda n: apply_edits(Poem("a\n" * n), [Edit(title="A"), *[None] * (n - 1)], ["a"] * n),
        20_000,
    ),
}
"""What is slow where there is much of two kinds, or of one that is read more quickly than the runs above."""


@pytest.mark.parametrize("name", OF_MANY)
def test_time_grows_with_the_number(name: str) -> None:
    read, most = OF_MANY[name]

    def seconds(number: int) -> float:
        before = time.process_time()
        with suppress(PoetBotError):
            read(number)
        return time.process_time() - before

    with _at_most(120):
        assert _growth(seconds, most) < MOST_GROWTH


@pytest.mark.slow
@pytest.mark.parametrize("name", [*READERS, *OF_POEMS])
def test_time_grows_with_the_length_wherever_a_run_stands(name: str) -> None:
    assert not _slow(name, [*PLACES, *MORE_PLACES], LONG)


def test_what_does_not_grow_linearly_is_found() -> None:
    trailing = re.compile(r" +$", re.MULTILINE)
    assert growth(lambda text: trailing.sub("", text), " ", "{}x") > MOST_GROWTH
