"""A WordPress export to posts; each export is made here."""

import pytest

from poetbot.corpus.reading import brought
from poetbot.corpus.records import Wanted
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
) -> str:
    return (
        f"<item><title>{title}</title><dc:creator>ada</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[short]]></excerpt:encoded><wp:status>{status}</wp:status>"
        f'<wp:post_type>{kind}</wp:post_type><category domain="post_tag" nicename="{tag.lower()}-1">{tag}</category></item>'
    )


def export(*posts: str) -> bytes:
    return (HEAD + "".join(posts) + TAIL).encode()


def refused(data: bytes, *tags: str) -> str:
    with pytest.raises(PoetBotError) as caught:
        brought(data, "blog.xml", wanted=Wanted(tags=tags))
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
    for wanted in (Wanted(), Wanted(tags=("poems",)), Wanted(tags=("POEMS-1",))):
        (poem,) = brought(data, "blog.xml", wanted=wanted).poems
        assert (poem.title, poem.author, poem.text) == ("Stove & song", "Ada L.", "\n".join(VERSE))


def test_a_post_with_a_chosen_tag_is_a_poem_whatever_it_looks_like() -> None:
    data = export(post(PROSE))
    assert brought(data, "blog.xml").poems == ()
    assert len(brought(data, "blog.xml", wanted=Wanted(tags=("Poems",))).poems) == 1
    assert len(brought(data, "blog.xml", wanted=Wanted(filtered=False)).poems) == 1
    assert brought(data, "blog.xml", wanted=Wanted(tags=("Poems",), filtered=True)).poems == ()


def test_tags_and_drafts_are_told() -> None:
    data = export(post("x"), post("y", tag="Diary"), post("z", status="draft"), post("w", kind="page"))
    assert brought(data, "blog.xml").notices == (
        "blog.xml: 1 draft was left out.",
        "blog.xml: its posts are filed under Poems (1), Diary (1); --tag takes those of one alone.",
    )
    assert "choose among Poems (1), Diary (1)" in refused(data, "nothing")


def test_what_is_no_export() -> None:
    assert "no WordPress export" in refused(b"<rss><channel><item><title>a</title></item></channel></rss>")
    assert "no published post" in refused(export())
    assert "broken XML at line" in refused(export(post("x"))[:-9])
    assert "broken XML" in refused(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    assert "too deep" in refused(b"<a>" * 100_000)


def test_an_entity_bomb_and_a_foreign_file_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '">]><x>&b;</x>'
    assert "entities" in refused(bomb.encode())
    assert "entities" in refused(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')
