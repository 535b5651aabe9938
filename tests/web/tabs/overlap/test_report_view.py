"""The overlap report as HTML, as a saved page and as JSON, without a browser."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.overlap import OverlapIndex, repetition, report
from poetbot.poem import Poem
from poetbot.web.serving.session import CheckedText
from poetbot.web.tabs.overlap import download, report_view

EVIL = "<script>document.title='broken in'</script><img src=x onerror=alert(1)>\"'&"
READ = [
    Poem("one small grey bird upon the sill\nlooked in and would not go away", EVIL, EVIL),
    Poem("the light of the moon upon the sill and the sound of rain", "Rain", None),
]
INDEX = OverlapIndex.build(READ)
ENGLISH = locale("en")


def checked(text: str, seed: int = 0, name: str = "") -> CheckedText:
    poems = report_view.poems_of(text)
    among = repetition([(poem, ()) for poem in poems]) if len(poems) > 1 else None
    return CheckedText(1, "tiny", name, text, ((0, seed),) if seed else (), report(INDEX, text, seed), among)


def html_of(made: CheckedText) -> str:
    return str(report_view.report_html(made, ENGLISH))


def text_html(made: CheckedText) -> str:
    """The part of the report that is the text."""
    return re.split(r'<div class="text"[^>]*>|</div>\n  <aside', html_of(made))[1]


class Reader(HTMLParser):
    """What a browser would make of it: tags, attributes, text; every tag closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_overlapping_spans_are_one_patch() -> None:
    spans = [
        {"start": 0, "end": 9},
        {"start": 4, "end": 12},
        {"start": 12, "end": 20},
        {"start": 30, "end": 31},
    ]
    assert [(p.start, p.end, p.spans) for p in report_view.patches(spans)] == [
        (0, 12, (0, 1)),
        (12, 20, (2,)),
        (30, 31, (3,)),
    ]


def test_phrases_that_meet_or_overlap_have_a_boundary_and_the_legend_says_so() -> None:
    def boundaries(text: str) -> list[str]:
        made = checked(text)
        html = html_of(made)
        assert ("two phrases that meet or overlap" in html) == ('meets" data-note' in html)
        return re.findall(r'meets" data-note[^>]*>([^<]*)<', html)

    bird, moon = "one small grey bird upon the sill", "the light of the moon upon"
    assert boundaries(f"{bird} {moon}") == ["the light of the moon upon"]
    assert boundaries(f"{bird}\n{moon}") == ["the light of the moon upon"]
    assert boundaries("grey bird upon the sill and the sound") == ["upon the sill and the sound"]
    assert boundaries(f"{bird}, or {moon}") == boundaries(bird) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "one small grey bird upon the sill",
                "the light of",
                "\n",
                EVIL,
                "שלום",
                "🦉",
                "é\u0301",
                "\0",
                " ",
                "%\n",
            ]
        ),
        max_size=12,
    ),
    st.integers(0, 40),
)
def test_the_text_stays_as_it_is_and_nothing_of_it_becomes_html(pieces: list[str], seed: int) -> None:
    text = "".join(pieces)
    made = checked(text, min(seed, len(text)))
    found = Reader(text_html(made))
    lines = re.findall(r'<div class="line" dir="auto">(.*?)</div>', text_html(made), re.DOTALL)
    assert [Reader(line).text for line in lines] == text.split("\n")
    assert {tag for tag, _ in found.tags} <= {"div", "mark", "span"}
    assert len([1 for tag, _ in found.tags if tag == "div"]) == text.count("\n") + 1
    page = Reader(download.as_page(made, ENGLISH))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert json.loads(download.as_json(made))["words"] == made.report["words"]


def test_every_patch_is_one_stop_of_the_keyboard_and_has_one_note() -> None:
    text = "ONE small grey bird upon\nthe sill; then the light of the moon upon the sill"
    made = checked(text)
    marks = [attributes for tag, attributes in Reader(text_html(made)).tags if tag == "mark"]
    stops = [each for each in marks if each["tabindex"] == "0"]
    notes = report_view.notes_html(made, ENGLISH)
    assert [each["data-note"] for each in stops] == ["0", "1"] and len(notes) == 2
    assert all(each["role"] == "button" and "a match" in each["aria-label"] for each in stops)
    assert {each["data-note"] for each in marks} == {"0", "1"} and len(
        marks
    ) == 3  # one goes over the line's end
    assert "<script" not in notes[0] and "&lt;script&gt;" in notes[0] and "line 1" in notes[0]
    assert "author unknown" in notes[1]


def test_kinds_differ_by_more_than_colour() -> None:
    css = download.STYLES[0].read_text("utf-8")
    assert "underline dotted" in css and "underline solid" in css
    made = checked("one small grey bird upon the sill")
    made.report["spans"][0]["distinctive"] = True
    legend = html_of(made).split('<ul class="legend">')[1].split("</ul>")[0]
    assert "distinctive" in legend and "commonplace" not in legend and "given" not in legend


def test_a_long_text_is_cut_at_a_line_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_view, "MAX_CHARACTERS", 1000)
    made = checked("one small grey bird upon the sill\n" * 400)
    html = text_html(made)
    assert "Only the first" in html and len(Reader(html).text) < 1200
    assert len(report_view.notes(made, 1000)) == html.count('tabindex="0" role="button"') < 60
    assert report_view.shown_text("x" * 50, 10) == "x" * 10


def test_one_of_a_hundred_is_singular() -> None:
    made = checked("one small grey bird upon the sill")
    standing: Any = {"higher": 0.01, "quantiles": {"50": 0}}
    coverage = dict.fromkeys(made.report["coverage"], standing)
    made.report["percentiles"] = {
        "passages": 100,
        "words": 7,
        "longest_written": standing,
        "share_novel": standing | {"lower": 0.02, "higher": 0.9},
        "coverage": coverage,
    }
    said = " ".join(text for row in report_view.figures(made, ENGLISH) for text in row)
    assert "2 of 100 have more; the median is 100%." in said
    for verb in ("has a longer one", "has more"):
        assert f"1 of 100 {verb}; the median" in said


def test_the_figures_put_the_report_in_words() -> None:
    made = checked("one small grey bird upon the sill\nand nothing else was ever there", seed=3)
    said = " ".join(text for row in report_view.figures(made, ENGLISH) for text in row)
    assert "13, 1 of them yours" in said and "7 words" in said
    assert "too few poems of this length by people" in said  # the index was made without any
    assert "“one small grey bird upon the sill” (line 1)" in said
    assert all(
        text in Reader(html_of(made)).text for row in report_view.figures(made, ENGLISH) for text in row
    )


def test_lines_are_counted_without_blank_ones() -> None:
    made = checked("rain\n\n \none small grey bird upon the sill")
    said = " ".join(text for row in report_view.figures(made, ENGLISH) for text in row)
    assert "“one small grey bird upon the sill” (line 2)" in said
    assert [phrase.line for phrase in report_view.different_phrases(made)] == [2]


def test_shares_are_rounded_towards_what_is_shared() -> None:
    share_text = report_view.share_text
    assert share_text(0.9999, ENGLISH) == "99.9%" and share_text(0.0001, ENGLISH) == "0.1%"
    assert share_text(1, ENGLISH) == "100%" and share_text(0, ENGLISH) == "0%"
    assert share_text(0.3, ENGLISH) == "30%" and share_text(2 / 3, ENGLISH) == "66.7%"
    assert share_text(0.5625, ENGLISH) == "56.3%"
    assert share_text(None, ENGLISH) == "too short to say"


def test_the_curve_has_a_point_for_every_length_that_is_counted() -> None:
    def circles(text: str) -> int:
        html = html_of(checked(text))
        assert "<polygon" not in html  # no band without poems by people
        return html.count("<circle")

    assert circles("one small grey") == 3
    assert circles("") == 0
    assert circles("one small grey bird upon the sill and nothing else at all") == 10


def test_the_curve_shows_poems_by_people_as_a_band() -> None:
    made = checked("one small grey bird upon the sill and nothing else at all")
    quantiles = {"quantiles": {"5": 0.2, "50": 0.5, "95": 0.9}}
    made.report["percentiles"] = {"novelty": {str(n): quantiles for n in range(1, 11)}}
    curve = report_view.novelty_curve(made.report, ENGLISH)
    assert curve.band and len(curve.band.points) == 20 and curve.rows[3][2:] == ("50%", "20% – 90%")
    assert len(curve.legend) == 3


def test_poems_are_separated_by_a_line_and_compared_with_each_other() -> None:
    text = "the sound of the sea is low\n%\n\n%\no the sound of the sea\n% no parting\n"
    assert report_view.poems_of(text) == [
        "the sound of the sea is low\n",
        "o the sound of the sea\n% no parting\n",
    ]
    made = checked(text)
    html = html_of(made)
    assert "The 2 poems compared with each other" in html
    assert "5 words, “the sound of the sea”, in poems 1, 2" in html
    assert json.loads(download.as_json(made))["repetition"]["longest"]["words"] == 5
    assert "compared with each other" not in html_of(checked("one poem"))


def test_the_saved_page_needs_no_other_file() -> None:
    html = download.as_page(checked("one small grey bird upon the sill " + EVIL, name=EVIL), ENGLISH)
    assert not re.search(r"https?:|src=|url\(|@import|<script|<link|<img", html.replace("src=x", ""))
    assert "default-src 'none'" in html and "prefers-color-scheme: dark" in html
    ids = set(re.findall(r'id="([\w-]+)"', html))
    assert set(re.findall(r'href="#([\w-]+)"', html)) == ids == {"at-1", "note-1"}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("O wind, that walks", "", "o-wind-that-walks-overlap.json"),
        ("שלום", "", "text-overlap.json"),
        ("x", "../../My Draft.md", "my-draft-overlap.json"),
    ],
)
def test_a_file_has_a_plain_name(text: str, name: str, expected: str) -> None:
    assert download.file_name(checked(text, name=name), "json") == expected
