"""Markdown as its reader sees it, and what is marked in it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from poetbot.corpus.blocks import with_plain_spaces
from poetbot.corpus.loading import parse_file
from poetbot.corpus.parts import Reading, judge
from poetbot.documents.front_matter import read_front_matter
from poetbot.documents.markdown.to_text import has_settings, read_markdown
from poetbot.poem import Poem

VERSE = "The kettle sings upon the stove,\nthe cat is fast asleep;\nand all the words I have for love\nare more than I can keep."
ASH = "The ash is falling through the grate,\nthe clock has lost its hand,\nand nobody is up so late\nas I, to understand."
PROSE = "I wrote this in the kitchen, in May, when the rain had come in under the door again and nobody in the house could sleep."


def poems(markdown: str, name: str = "notes.md") -> list[Poem]:
    return list(parse_file(markdown.encode(), name).poems)


def texts(markdown: str, name: str = "notes.md") -> list[str]:
    return [poem.text for poem in poems(markdown, name)]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
        ("one<br>two<br/>\nthree<BR />", "one\ntwo\nthree"),
        ("one<br><br>two\n<br>\nthree", "one\n\ntwo\n\nthree"),
        ("<p>one</p>\n<p>two</p><div>three</div>four", "one\n\ntwo\n\nthree\nfour"),
        ("*one\ntwo* **three _four_** ***five***", "one\ntwo three four five"),
        ("snake_case, 2 * 3 * 4, \\*not\\* \\_this\\_ \\- a\\~b", "snake_case, 2 * 3 * 4, *not* _this_ - a~b"),
        ("~~one~~ ==two== ::three:: `four` <i>five</i> <u>six</u>", "one two three four five six"),
        ("[one](http://x.y 'z') [two][a] [three][] [four] <http://x.y>\n\n[a]: http://x\n[three]: /y", "one two three [four] http://x.y"),
        ("one ![alt](b.png) two ![[c.png]]three", "one  two three"),
        ("[[one]] [[a|two]] [[three#part]] [[a#b|four]]", "one two three four"),
        ("one[^1] two[^a-b]^[a note] three<sup>1</sup> 4<sup>th</sup>\n\n[^1]: gone\nand gone\n\n    and gone\n\nfive", "one two three 4th\n\nfive"),
        ("one <sup>2</sup> two\nthree <sup>*</sup>\nfour<sup>4</sup> five", "one two\nthree\nfour five"),
        ("one {: .poem} two\n{: .poem #id}\n\n# three {#here .x}", "one  two\n\nthree"),
        ("one #poem #love/late\ntwo ^a1b2\n\n#poem #other\n\nthree # four\n#5 is five", "one\ntwo\n\nthree # four\n#5 is five"),
        ("one %%no%% two\n\n%%\nno\n\nno\n%%\n\n100%% three", "one  two\n\n100%% three"),
        ("one <!-- no --> two\n<!--\nno\n\nno\n-->\nthree <!-- four", "one  two\nthree <!-- four"),
        ("{% include a.html %}\none {{ page.title }}\n{{< figure src='a' >}}\n{% comment %}\nno\n{% endcomment %}\ntwo", "one\ntwo"),
        ("<style>\np { }\n</style>\none\n<script>no</script>", "one"),
        ("&emsp;one\n&nbsp;&nbsp;two &amp; &mdash; three\u3000", "    one\n  two & \u2014 three"),
        ("one\n    two\n        *three*\n\tfour", "one\n    two\n        three\n    four"),
        ("> one\n> two\n>\n> > three", "one\ntwo\n\nthree"),
        ("- one\n- two\n\n* three\n+ four", "one\ntwo\n\nthree\nfour"),
        ("**one\ntwo**\n\n**three**\n**four**", "one\ntwo\n\nthree\nfour"),
        ("he said\n- one\n- two", "he said\n- one\n- two"),
        ("| one\n|   two\n|\n| three", "one\n  two\n\nthree"),
        ("> [!quote] Title\n> one\n> two", "Title\n\none\ntwo"),
        ("*[one]: no\n[TOC]\nmood:: no\n::: note\none\n:::", "one"),
        ("one\n\n\n\ntwo", "one\n\n\n\ntwo"),
        ("one\n***\ntwo\n* * *\nthree\n___\nfour\n\\newpage\nfive", "one\n\n***\n\ntwo\n\n* * *\n\nthree\n\n___\n\nfour\n\n---\n\nfive"),
    ],
)  # fmt: skip
def test_visible_text(markdown: str, text: str) -> None:
    assert read_markdown(markdown).text.strip("\n") == text


@pytest.mark.parametrize(
    "heading",
    [
        "# Stove",
        "## Stove ##",
        "Stove\n=====",
        "Stove\n---",
        "**Stove**",
        "__Stove__\\",
        "#Stove",
        "### *Stove* {#a}",
    ],
)
def test_a_heading_is_the_title(heading: str) -> None:
    for room in ("\n", "\n\n"):
        found = poems(f"{heading}{room}{VERSE}\n\n{heading.replace('Stove', 'Ash Ash')}{room}{ASH}\n")
        assert [(poem.title, poem.text) for poem in found] == [("Stove", VERSE), ("Ash Ash", ASH)]


def test_a_marked_heading_is_the_title_before_one_in_capitals_and_numbers_still_count() -> None:
    assert poems(f"# PART ONE\n\n## Stove\n\nFOR ANN\n\n{VERSE}\n")[0].title == "Stove"
    (poem,) = poems(f"# Stove\n\n## I\n\n{VERSE}\n\n## II\n\n{ASH}\n")
    assert poem.title == "Stove" and poem.text == f"{VERSE}\n\n{ASH}"


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "___", "<hr>"])
@pytest.mark.parametrize("room", ["\n", "\n\n"])
def test_a_divider_separates_poems(rule: str, room: str) -> None:
    assert texts(f"{VERSE}{room}{rule}{room}{ASH}\n") == [VERSE, ASH]


@pytest.mark.parametrize(
    "marked",
    [
        "```\n{}\n```",
        "~~~~ text\n{}\n~~~~",
        "``` poem\n{}\n```",
        "``` {{.poem}}\n{}\n```",
        "::: poem\n{}\n:::",
        "::: {{.verse}}\n{}\n::::",
        "{{{{< verse >}}}}\n{}\n{{{{< /verse >}}}}",
        '{{{{% poem author="no" %}}}}\n{}\n{{{{% /poem %}}}}',
        "{{% verse %}}\n{}\n{{% endverse %}}",
        "[poem]{}[/poem]",
        '[verse class="a"]\n{}\n[/verse]',
        "<pre>\n{}\n</pre>",
        '<pre class="wp-block-verse">{}</pre>',
        "<poem>\n{}\n</poem>",
        '<div class="poem" markdown="1">\n\n{}\n\n</div>',
        '<div id="a" class="a poem-text"><div class="stanza">\n{}\n</div></div>',
        '<blockquote class="verse">{}</blockquote>',
        "::: poem\n:::::: stanza\n{}\n::::::\n:::",
    ],
)
def test_only_marked_verse_is_a_poem(marked: str) -> None:
    around = "Thank you.\nIt was a night\nwithout an end."
    for text in (VERSE, VERSE.replace("\nand", "\n\n    and")):
        (poem,) = poems(f"# Stove\n\n{PROSE}\n\n{around}\n\n{marked.format(text)}\n\n{around}\n")
        assert (poem.title, poem.text) == ("Stove", text)


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ('{{< poem title="Stove" author="Ann Other" >}}', "{{< /poem >}}"),
        ("{% poem Stove, Ann Other %}", "{% endpoem %}"),
        ("[verse title='Stove' poet='Ann Other']", "[/verse]"),
        ('<div class="verse" title="Stove" data-author="Ann Other">', "</div>"),
    ],
)
def test_verse_that_is_marked_may_name_its_title_and_author(begin: str, end: str) -> None:
    found = poems(f"---\nauthor: Bob\n---\n{PROSE}\n\n{begin}\n{VERSE}\n{end}\n\n## Ash\n\n{ASH}\n")
    assert [(poem.title, poem.author) for poem in found] == [("Stove", "Ann Other"), ("Ash", "Bob")]
    assert found[0].text == VERSE


def test_headings_in_verse_are_titles() -> None:
    for begin, end in (("::: poem", ":::"), ('<div class="poem">', "</div>"), ("[poem]", "[/poem]")):
        found = poems(f"{begin}\n\n### Stove\n\n{VERSE}\n\n### Ash\n{ASH}\n{end}\n")
        assert [(poem.title, poem.text) for poem in found] == [("Stove", VERSE), ("Ash", ASH)]


def test_a_short_text_above_verse_may_be_its_title_and_a_sentence_is_none() -> None:
    assert poems(f"Stove\n\nI wrote this.\n\n```\n{VERSE}\n```\n")[0].title == "Stove"
    assert poems(f"I wrote this:\n\n```\n{VERSE}\n```\n")[0].title is None


def test_a_callout_of_verse_is_the_poem() -> None:
    quoted = "\n".join(f"> {line}" for line in VERSE.split("\n"))
    for sign, title in (("!verse", None), ("!poem", "Stove"), ("poem", None)):
        (poem,) = poems(f"So\nit was\n\n> [{sign}] {title or ''}\n{quoted}\n\nand so\non.\n")
        assert (poem.title, poem.text) == (title, VERSE)


def test_other_sections_are_read_as_usual() -> None:
    found = poems(
        f"# Stove\n\n{VERSE}\n\n# Ash\n\nFor you,\nwho asked\n\n```\n{ASH}\n```\n\n# After\n\n{VERSE}!\n"
    )
    assert [(poem.title, poem.text) for poem in found] == [
        ("Stove", VERSE),
        ("Ash", ASH),
        ("After", f"{VERSE}!"),
    ]


@pytest.mark.parametrize("attributes", ["{: .poem}", "{:.verse}", "{.poetry}"])
def test_a_paragraph_with_attributes_of_verse_is_verse(attributes: str) -> None:
    line = "The kettle sings upon the stove, the cat is fast asleep."
    assert texts(f"{PROSE}\n\n{line}\n{attributes}\n\n{PROSE}\n") == [line]
    assert texts(f"{PROSE}\n\n{attributes}\n{line}\n\n{PROSE}\n") == [line]


@pytest.mark.parametrize(
    "never",
    [
        "```python\nlamp = 1\nprint\n```",
        "```\nlamp = light(1)\nreturn lamp\n```",
        "```\nmake lamp\n```",
        "<pre><code>lamp = light(1)\nreturn lamp</code></pre>",
        "| lamp | light |\n|---|:-:|\n| one | two |\n| three | four |",
        "- [ ] buy a lamp\n- [x] light it\n- [ ] sleep",
        "- the lamp is to be\n  lit before supper\n- the stove after it,\n  if there is wood",
        "1. the lamp is to be\n   lit before supper\n2. the stove after it",
        f"- {PROSE}\n- {PROSE[::-1]}",
        "To do:\n- the lamp is to be\n  lit before supper\n- the stove after it",
        "    lamp = light(1)\n    return lamp",
        "| lamp | light |\n| one | two |\n| three | four |",
    ],
)
def test_code_tables_and_tasks_are_not_verse(never: str) -> None:
    assert texts(f"# Stove\n\n{VERSE}\n\n# Notes\n\n{never}\n") == [VERSE]


def test_inline_code_is_not_a_mark() -> None:
    text = f"Write `[poem]` or `<pre>` before and `[/poem]` behind, `</pre>` too.\n\n{VERSE}\n\n`<!--` and `-->`\n"
    assert texts(text) == [VERSE]
    assert read_markdown("'`twas late [poem]\none\n[/poem]").marks


def test_several_poems_in_one_line_and_what_stands_between_and_below_them() -> None:
    marked = read_markdown("a [poem]one[/poem] b [poem]two[/poem] c\nd\n[poem]three[/poem]  \ne")
    assert marked.text.split() == "a one b two c d three e".split()  # noqa: SIM905
    verse = [mark for mark in marked.marks if mark.label == "poem"]
    lines = marked.text.split("\n")
    assert [lines[mark.start_line - 1 : mark.end_line] for mark in verse] == [["one"], ["two"], ["three"]]


def test_a_rule_is_not_a_code_fence() -> None:
    for sign in "`~:":
        rule = sign * 21
        assert not read_markdown(f"{rule}\n{VERSE}\n{rule}").marks
        assert not read_markdown(f"{rule} poem\n{VERSE}\n{rule}").marks


def test_unclosed_marks_are_text() -> None:
    for begun in ("```", "::: poem", "<pre>", "[poem]", "{{< verse >}}", "<!-- a", "%%"):
        assert texts(f"{begun}\n\n{VERSE}\n\n\n{ASH}\n")[-1].endswith(ASH)


@pytest.mark.parametrize(
    ("head", "title", "author"),
    [
        ('---\ntitle: "Stove"\nauthor: Ann Other\ntags: [poem]\n---', "Stove", "Ann Other"),
        ("---\ntitle: Night: a song # here\nauthors:\n  - name: Ann Other\n    email: a@b.c\ndate: 1\n...", "Night: a song", "Ann Other"),
        ("---\nauthor: ['Ann', \"Bob\"]\ntitle: 'It''s'\ndraft: false\n---", "It's", "Ann, Bob"),
        ("---\npoet:\n- Ann\n- Bob\nlayout: post\n---", None, "Ann, Bob"),
        ('---\nauthor: "[[Ann Other]]"\ntitle: \n---', None, "Ann Other"),
        ('+++\ntitle = "Stove"\ndate = 2020-01-01\n[author]\nname = "Ann"\n+++', "Stove", "Ann"),
        ('{\n  "title": "Stove",\n  "author": "Ann",\n  "tags": ["a"]\n}', "Stove", "Ann"),
        ("Title: Stove\nDate: 2020-01-01\nAuthor: Ann", "Stove", "Ann"),
        ("% Stove\n% Ann Other\n% May", "Stove", "Ann Other"),
        ("---\ntitle: *Stove*\nauthor: Anonymous\n---", "Stove", None),
        ("---\n---", None, None),
    ],
)  # fmt: skip
def test_front_matter_names_title_and_author(head: str, title: str | None, author: str | None) -> None:
    (poem,) = poems(f"{head}\n\n{VERSE}\n")
    assert (poem.title, poem.author, poem.text) == (title, author, VERSE)


def test_text_that_only_looks_like_front_matter() -> None:
    for text in (f"---\n\n{VERSE}\n\n---\n\n{ASH}\n", f"---\n{VERSE}\n---\n{ASH}\n", f"{{\n{VERSE}\n}}\n"):
        assert read_front_matter(text.split("\n")).lines == 0
        assert VERSE in "\n".join(texts(text))
    night = "Night: it came,\nDay: it went,\nand so on."
    assert read_front_matter(night.split("\n")).lines == 0


def test_a_page_of_notion_begins_with_a_heading_and_its_settings() -> None:
    (poem,) = poems(f"# Stove\n\nCreated: January 3, 2024 5:00 PM\nTags: poem, night\n\n{VERSE}\n")
    assert (poem.title, poem.text) == ("Stove", VERSE)


def test_posts_are_markdown_whatever_their_suffix() -> None:
    post = f"---\ntitle: Stove\nlayout: post\n---\n\n{VERSE.replace('kettle', '*kettle*')}\n"
    (poem,) = poems(post, "2020-01-01-stove.txt")
    assert (poem.title, poem.text) == ("Stove", VERSE)
    assert not has_settings(f"---\nNight: it came\n---\n{VERSE}")
    plain = VERSE.replace("kettle", "*kettle*").replace("cat", "_cat_").replace("love", "<br>")
    assert texts(f"{plain}\n", "notes.txt") == [plain]
    assert "<br>" not in texts(f"{plain}\n", "notes.markdown")[0]


def test_an_author_from_the_head_is_for_all_poems_and_a_title_for_an_only_one() -> None:
    found = poems(f"---\ntitle: Notebook\nauthor: Ann\n---\n\n# Stove\n\n{VERSE}\n\n---\n\n{ASH}\n")
    assert [(poem.title, poem.author) for poem in found] == [("Stove", "Ann"), (None, "Ann")]


signs = st.lists(
    st.sampled_from(
        [
            *"#>*_\\-`[]()<!&|~=^%:{} \n\té春",
            *("```\n", "---\n", "+++\n", "<pre>", "</pre>", "[poem]", "[/poem]", "<!--", "-->", "%%", "::: verse\n", ":::\n"),
            *("{{< poem >}}", "{{< /poem >}}", "> [!verse]\n", "{: .poem}\n", "[^1]: ", "title: a\n", "| a\n", "word", "\ue000", "\xa0"),
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(signs)
@example("```\n```")
@example("::: poem\n:::\n[poem][/poem]<pre></pre>")
def test_marks_are_on_existing_lines_of_any_text(text: str) -> None:
    marked = read_markdown(text)
    lines = marked.text.split("\n")
    ends = 0
    for mark in marked.marks:
        assert ends < mark.start_line <= mark.end_line <= len(lines)
        ends = mark.end_line
        if mark.label == "poem":
            assert lines[mark.start_line - 1].strip() and lines[mark.end_line - 1].strip()


@given(
    st.lists(
        st.one_of(signs, st.sampled_from([VERSE, ASH, PROSE, "# A", "I.", "```", "[poem]", "[/poem]"])),
        max_size=9,
    ),
    st.sampled_from(list(Reading)),
    st.dictionaries(st.integers(1, 30), st.booleans(), max_size=5),
)
def test_parts_hold_every_line_once_whatever_the_choices(
    paragraphs: list[str], reading: Reading, said: dict[int, bool]
) -> None:
    marked = read_markdown("\n\n".join(paragraphs))
    before = judge(marked.text, reading, marks=marked.marks)
    judged = judge(marked.text, reading, said, marks=marked.marks)
    covered = [number for part in judged.parts for number in range(part.start_line, part.end_line + 1)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    lines = with_plain_spaces(marked.text).split("\n")
    sections = reading is Reading.SECTIONS
    assert sections or {n for n, line in enumerate(lines, 1) if line.strip()} <= set(covered)
    assert [(p.start_line, p.end_line) for p in before.parts] == [
        (p.start_line, p.end_line) for p in judged.parts
    ]
    assert all(part.taken is said[part.start_line] for part in judged.parts if part.start_line in said)


@given(signs)
def test_plain_words_are_kept(noise: str) -> None:
    """A stanza of plain words below anything that is closed is still there."""
    assert VERSE in read_markdown(f"{VERSE}\n\n{noise}").text


@pytest.mark.parametrize("rule", ["***", "---", "* * *", "___"])
def test_marked_verse_does_not_affect_text_beyond_a_rule(rule: str) -> None:
    listed = "".join(f"- {line}\n" for line in VERSE.split("\n"))
    fenced = f"```\n{ASH}\n```\n"
    found = "\n\n".join(texts(f"# Two\n\n{listed}\n{rule}\n\n{fenced}\n{PROSE}\n"))
    assert found in (f"{VERSE}\n\n{ASH}", f"{ASH}\n\n{VERSE}")
    assert texts(f"# Two\n\n{listed}\n{fenced}\n{PROSE}\n") == [ASH]


def test_indented_lines_are_verse_next_to_other_verse() -> None:
    fenced = f"# Two\n\n```\n{ASH}\n```\n\n"
    indented = "".join(f"    {line}\n" for line in VERSE.split("\n"))
    assert texts(fenced + indented) == [ASH, VERSE]
    assert texts(f"{fenced}    x = read(path)\n    return {{x: 1}}\n") == [ASH]
    assert texts(f"{fenced}    {PROSE}\n") == [ASH]
