"""A WordPress export to posts; each export is made here."""

import time

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError

VERSE = (
    "The kettle sings upon the stove,",
    "The cat is fast asleep;",
    "And all the words I have for love",
    "Are more than I can keep.",
)
PROSE = "It was a long way to the station and nobody spoke until the train was seen in the distance. " * 8
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>My blog</title><wp:author>'
    "<wp:author_login>ada</wp:author_login><wp:author_display_name>Ada L.</wp:author_display_name></wp:author>"
)
TAIL = "</channel></rss>"


def post(
    body: str,
    title: str = "Stove &amp; song",
    tag: str = "Poems",
    status: str = "publish",
    kind: str = "post",
    password: str = "",
) -> str:
    return (
        f"<item><title>{title}</title><dc:creator>ada</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[short]]></excerpt:encoded><wp:status>{status}</wp:status>"
        f"<wp:post_password>{password}</wp:post_password>"
        f'<wp:post_type>{kind}</wp:post_type><category domain="post_tag" nicename="{tag.lower()}-1">{tag}</category></item>'
    )


def export(*posts: str) -> bytes:
    return (HEAD + "".join(posts) + TAIL).encode()


def refused(data: bytes, *tags: str) -> str:
    with pytest.raises(PoetBotError) as caught:
        parse_file(data, "blog.xml", wanted=FieldChoice(tags=tags))
    assert str(caught.value).startswith("blog.xml") and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(VERSE),
        "<p>" + "<br />\n".join(VERSE) + "</p>",
        "<!-- wp:paragraph -->\n<p>" + "<br>".join(VERSE) + "</p>\n<!-- /wp:paragraph -->",
        '<!-- wp:verse -->\n<pre class="wp-block-verse">' + "\n".join(VERSE) + "</pre>\n<!-- /wp:verse -->",
    ],
)
def test_line_breaks_are_kept_however_they_were_made(body: str) -> None:
    data = export(post(body), post(PROSE, tag="Diary"))
    for wanted in (FieldChoice(), FieldChoice(tags=("poems",)), FieldChoice(tags=("POEMS-1",))):
        (poem,) = parse_file(data, "blog.xml", wanted=wanted).poems
        assert (poem.title, poem.author, poem.text) == ("Stove & song", "Ada L.", "\n".join(VERSE))


def test_a_post_with_a_chosen_tag_is_a_poem_whatever_it_looks_like() -> None:
    data = export(post(PROSE))
    assert parse_file(data, "blog.xml").poems == ()
    assert len(parse_file(data, "blog.xml", wanted=FieldChoice(tags=("Poems",))).poems) == 1
    assert len(parse_file(data, "blog.xml", wanted=FieldChoice(filtered=False)).poems) == 1
    assert parse_file(data, "blog.xml", wanted=FieldChoice(tags=("Poems",), filtered=True)).poems == ()


def test_tags_and_drafts_are_reported() -> None:
    data = export(
        post("x"), post("y", tag="Diary"), post("z", status="draft"), post("v", status="auto-draft")
    )
    assert [str(each) for each in parse_file(data, "blog.xml").notices] == [
        "blog.xml: left out 2 drafts.",
        "blog.xml: its posts are filed under Poems (1), Diary (1). Use --tag to take only some of them.",
    ]
    assert "Choose one of Poems (1), Diary (1)" in refused(data, "nothing")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("draft", "1 draft"),
        ("private", "1 private post"),
        ("future", "1 scheduled post"),
        ("pending", "1 post waiting for review"),
        ("trash", "1 post in the trash"),
        ("in-progress", "1 unpublished post"),
    ],
)
def test_unpublished_posts_are_left_out_and_named(status: str, said: str) -> None:
    data = export(post("\n".join(VERSE)), post("hidden", status=status))
    found = parse_file(data, "blog.xml", wanted=FieldChoice(tags=("poems",)))
    assert [poem.text for poem in found.poems] == ["\n".join(VERSE)]
    assert [str(each) for each in found.notices] == [f"blog.xml: left out {said}."]


def test_an_export_without_public_posts_is_an_error_with_counts() -> None:
    hidden = [post("a", status="draft"), post("b", status="private"), post("c", status="auto-draft")]
    with pytest.raises(PoetBotError) as error:
        parse_file(export(*hidden, post("d", password="x")), "blog.xml")
    assert str(error.value) == (
        "blog.xml has no published posts, only 2 drafts, 1 private post, 1 password-protected post. "
        "Publish them in WordPress, then export again."
    )
    with pytest.raises(PoetBotError, match=r"has no published posts\. Export the posts"):
        parse_file(export(), "blog.xml")


def test_a_post_behind_a_password_is_left_out() -> None:
    data = export(post("\n".join(VERSE)), post("a", password="x"), post("b", password="y"))
    found = parse_file(data, "blog.xml", wanted=FieldChoice(tags=("poems",)))
    assert len(found.poems) == 1
    assert [str(each) for each in found.notices] == ["blog.xml: left out 2 password-protected posts."]


def test_posts_of_other_types_are_read_and_what_holds_no_writing_is_named() -> None:
    kinds = ("page", "poem", "jetpack-portfolio", "haiku_of_mine")
    data = export(
        *(post("\n".join(VERSE), title=kind, kind=kind) for kind in kinds),
        post("a.jpg", kind="attachment", status="inherit"),
        post("b.jpg", kind="attachment", status="inherit"),
        post("home", kind="nav_menu_item"),
    )
    for wanted in (FieldChoice(), FieldChoice(tags=("Poems",))):
        found = parse_file(data, "blog.xml", wanted=wanted)
        assert [poem.title for poem in found.poems] == list(kinds)
        assert str(found.notices[0]) == (
            "blog.xml: left out posts of types that contain no poems: attachment (2), nav_menu_item (1)."
        )


@pytest.mark.parametrize(
    "verse",
    [
        '<!-- wp:verse -->\n<pre class="wp-block-verse">{}</pre>\n<!-- /wp:verse -->',
        "<pre>\n{}\n</pre>",
        "[poem]\n{}\n[/poem]",
        '<!-- wp:shortcode -->\n[verse class="mine"]{}[/verse]\n<!-- /wp:shortcode -->',
    ],
)
def test_verse_blocks_are_poems_and_the_prose_around_them_is_not(verse: str) -> None:
    paragraph = f"<!-- wp:paragraph -->\n<p>{PROSE}</p>\n<!-- /wp:paragraph -->"
    # Of its own the filter would not take this for verse.
    poem = "one lamp\n    and the long road which goes on being a road after the lamp and the house are gone\n\nthen"
    data = export(post(f"{paragraph}\n\n{verse.format(poem)}\n\n{paragraph}"))
    for wanted in (
        FieldChoice(),
        FieldChoice(tags=("poems",)),
        FieldChoice(filtered=False),
        FieldChoice(filtered=True),
    ):
        (found,) = parse_file(data, "blog.xml", wanted=wanted).poems
        assert (found.title, found.text) == ("Stove & song", poem)


def test_several_poems_of_a_post_have_the_headings_above_them_as_titles() -> None:
    first, second = "\n".join(VERSE[:2]), "\n".join(VERSE[2:])
    body = f"<pre>{first}</pre>\n\n<pre>{second}</pre><p>And then:</p><h2>Keep</h2><pre>{second}</pre><hr><pre>{first}</pre>"
    poems = parse_file(export(post(body)), "blog.xml").poems
    assert [(poem.title, poem.text) for poem in poems] == [
        ("Stove & song", f"{first}\n\n{second}"),
        ("Keep", second),
        ("Stove & song", first),
    ]


def test_a_classic_post_with_blocks_in_it_keeps_its_lines() -> None:
    block = '<!-- wp:image {"id":9} -->\n<figure class="wp-block-image"><img src="a.jpg"/></figure>\n<!-- /wp:image -->'
    wrapped = "<!-- wp:paragraph -->\n<p>Two lines\nof source.</p>\n<!-- /wp:paragraph -->"
    verse = "\n".join(VERSE)
    body = f"{verse}\n\n{block}\n<!-- wp:separator /-->\n{verse}\n<!--more-->\n{verse}\n\n{wrapped}\n<!-- wp:freeform -->\n{verse}\n<!-- /wp:freeform -->"
    (poem,) = parse_file(export(post(body)), "blog.xml", wanted=FieldChoice(filtered=False)).poems
    assert poem.text == f"{verse}\n\n{verse}\n\n{verse}\n\nTwo lines of source.\n\n{verse}"


def test_shortcodes_and_addresses_of_players_are_no_text() -> None:
    body = (
        '[caption id="a" width="3"]<img src="a.jpg"/> The sea[/caption]\nhttps://video.example/1\n\n'
        '[et_pb_section][et_pb_text css="b"]The door says [shut][/et_pb_text][et_pb_text]and stays so.[/et_pb_text]'
        "[/et_pb_section]\n[gallery]"
    )
    (poem,) = parse_file(export(post(body)), "blog.xml", wanted=FieldChoice(filtered=False)).poems
    assert poem.text == "The door says [shut]\n\nand stays so."


def test_time_for_an_export_grows_with_its_posts_alone() -> None:
    """Twice the posts may take twice the time, and a machine that does other things besides some more."""
    body = '[caption id="a"]b[/caption]\n' + "\n".join(VERSE)

    def seconds(posts: int) -> float:
        data = export(*(post(body, title=f"Song {number}") for number in range(posts)))
        start = time.process_time()
        assert len(parse_file(data, "blog.xml", wanted=FieldChoice(tags=("poems",))).poems) == posts
        return time.process_time() - start

    seconds(100)
    assert min(seconds(4000) for _ in range(2)) < 3.5 * min(seconds(2000) for _ in range(2)) + 0.2


def test_a_file_of_another_kind_is_an_error() -> None:
    assert "isn't a WordPress export" in refused(
        b"<rss><channel><item><title>a</title></item></channel></rss>"
    )
    assert "no published post" in refused(export())
    assert "broken XML at line" in refused(export(post("x"))[:-9])
    assert "broken XML" in refused(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    assert "too deep" in refused(b"<a>" * 100_000)


def test_an_entity_bomb_and_a_foreign_file_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '">]><x>&b;</x>'
    assert "entities" in refused(bomb.encode())
    assert "entities" in refused(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')
