"""What the app finds in a file is what the command line finds."""

import json
from pathlib import Path

import pytest

from poetbot.cli.main import main
from poetbot.corpus.deduplication import find_repeats
from poetbot.corpus.loading import parse_file
from poetbot.corpus.parts import Reading
from poetbot.documents.decoding import encoding_notice
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError
from poetbot.library.corpora import create_corpus
from poetbot.library.corpora.metadata import Metadata
from poetbot.poem import Poem
from poetbot.storage import Home
from tests.documents.samples import BOAT, LAMP, epub, fodt, odt, odt_lines, pdf, set_page

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
RAIN = "The rain is on the _roof_ tonight,\nThe dog is at the door,\nAnd nobody has struck a light\nOr swept the kitchen floor.     5"
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)
BOOK = f"THE FERRY\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\nRAIN\n\n{RAIN}\n"
GUTENBERG = (
    "The Project Gutenberg eBook of Ferries\n\nTitle: Ferries\nAuthor: Ann Other\n\n"
    f"*** START OF THE PROJECT GUTENBERG EBOOK FERRIES ***\n\n\n\n{BOOK}\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK FERRIES ***\n"
)
POST = (
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    "<item><title>Lamp</title><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    f"<content:encoded><![CDATA[{SONG}]]></content:encoded></item>"
    "<item><title>Half</title><wp:post_type>post</wp:post_type><wp:status>draft</wp:status>"
    f"<content:encoded><![CDATA[{PROSE}]]></content:encoded></item></channel></rss>"
)

FILES = {
    "book.odt": odt(odt_lines(LAMP, "Lamp") + f"<text:p>{PROSE}</text:p>" + odt_lines(BOAT, "Boats")),
    "book.fodt": fodt(odt_lines(LAMP), meta="<dc:title>Lamp</dc:title><dc:creator>A. Writer</dc:creator>"),
    "book.epub": epub({"a.xhtml": f"<h1>Lamp</h1><p>{'<br/>'.join(LAMP)}</p>", "b.xhtml": f"<p>{PROSE}</p>"}),
    "really-an-epub.odt": epub({"a.xhtml": f"<p>{'<br/>'.join(LAMP)}</p>"}),
    "book.pdf": pdf([set_page(["Lamp", *LAMP], foot="1", headings=["Lamp"]), set_page(BOAT, foot="2")]),
    "scan.pdf": pdf([b""]),
    "really-a-pdf.docx": pdf([set_page(LAMP)]),
    "really-a-pdf.txt": pdf([set_page(LAMP)]),
    "locked.epub": epub({"a.xhtml": "<p>one</p>"}, more={"META-INF/encryption.xml": "<EncryptionMethod/>"}),
    "book.txt": BOOK,
    "gutenberg.txt": GUTENBERG,
    "nltk.txt": f"[Ferries by Ann Other 1901]\n\n\n{BOOK}",
    "notes.md": f"# Ferries\n\n{SONG}\n\n> {PROSE}\n",
    "post.md": f"---\ntitle: Ferries\nauthor: Ann Other\n---\n\n{SONG}\n\n***\n\n{RAIN}\n",
    "post.txt": f"---\ntitle: Ferries\ntags: [a]\n---\n\n{PROSE}\n\n```\n{SONG}\n```\n\n{RAIN}\n\n## Rain\n\n{RAIN}\n",
    "page.html": f"<h1>Ferries</h1><p>{PROSE}</p><pre>{SONG}</pre><p>{PROSE}</p>",
    "lines.txt": "夜雨:山前一夜雨，門外兩三聲。\n題竹:竹影上窗來，不問客何在！\n早行:雞鳴人未起，月落馬先知。\n",
    "song.txt": f"[Verse 1]\n{SONG}\n\n[Chorus]\n{RAIN}\n",
    "table.csv": 'title,author,text\nLamp,A. Writer,"The lamp is lit,\nthe door is shut."\n,,"One line, and another"\nNone,B,\n',
    "list.json": json.dumps([{"text": SONG, "title": "Lamp"}, {"text": f"{RAIN}\n++++\nand more"}]),
    "list.jsonl": json.dumps({"text": SONG, "author": "A. Writer"})
    + "\n"
    + json.dumps({"text": RAIN})
    + "\n",
    "verses.ndjson": "\n".join(json.dumps({"s": line, "gid": "7"}) for line in SONG.split("\n")),
    "lines.csv": "poem_id,line,text\n"
    + "".join(f'1,{n},"{line}"\n' for n, line in enumerate(RAIN.split("\n"))),
    "posts.xml": POST,
    "old.txt": f"CAF\u00c9\n\n{SONG.replace('hut', 'café')}\n".encode("cp1252"),
}


def both(home: Path, name: str, data: bytes, wanted: FieldChoice, reading: Reading) -> tuple[object, object]:
    """Return what the app and the command line find: poems with titles and authors, and notices; or the sentence."""

    def facts(poems: list[Poem]) -> list[tuple[str | None, ...]]:
        return [(poem.text, poem.title, poem.author) for poem in poems]

    try:
        corpus = create_corpus(Home(home), {name: data})
        corpus.set_fields(wanted)
        corpus.set_reading(reading)
        summary = corpus.read()
        # The page asks about an encoding where the command line tells it.
        asked = [encoding_notice(name, each.encoding, each.line) for each in summary.encoded]
        app: object = facts(corpus.results().poems()), list(map(str, [*asked, *summary.notices]))
    except PoetBotError as error:
        app = str(error)
    try:
        file = parse_file(data, name, "poems", wanted, reading)
    except PoetBotError as error:
        return app, str(error)
    # The app keeps near-duplicates once by itself and counts them, and offers tags as a choice.
    gone = find_repeats(list(file.poems), set(), lambda share: None)
    poems = [poem for number, poem in enumerate(file.poems) if number not in gone]
    own = (" exact cop", " Use --tag ", " more notices like these.")
    notices = [each for each in map(str, file.notices) if not any(mark in each for mark in own)]
    if not isinstance(app, str):
        app = app[0], [each for each in app[1] if own[2] not in each][: len(notices)]  # type: ignore[index]
    return app, (facts(poems), notices)


@pytest.mark.parametrize("reading", [Reading.FILTER, Reading.POEMS])
@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file(
    name: str, reading: Reading, poetbot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = FILES[name]
    data = content if isinstance(content, bytes) else content.encode()
    for wanted in (FieldChoice(), FieldChoice(text="words")):
        app, line = both(poetbot_home, name, data, wanted, reading)
        assert app == line
    # The rest in this process, as small texts are read anyway: another one for each takes a second.
    monkeypatch.setattr(Metadata, "small", lambda metadata: True)
    for wanted in (FieldChoice(filtered=True), FieldChoice(tags=("none",))):
        app, line = both(poetbot_home, name, data, wanted, reading)
        assert app == line


def test_marks_of_the_edition_are_removed_from_a_book(poetbot_home: Path) -> None:
    app, _ = both(poetbot_home, "gutenberg.txt", GUTENBERG.encode(), FieldChoice(), Reading.FILTER)
    bare = RAIN.replace("_", "").removesuffix("     5")
    assert app == ([(SONG, "THE FERRY", "Ann Other"), (bare, "RAIN", "Ann Other")], [])


def test_the_listed_cases(shared: Path, poetbot_home: Path) -> None:
    cases = sorted(
        path for path in (shared / "cases").rglob("*") if path.is_file() and path.stat().st_size < 100_000
    )
    if not cases:
        pytest.skip("The folder shared/cases lies not beside this checkout.")
    for path in cases:
        app, line = both(poetbot_home, path.name, path.read_bytes(), FieldChoice(), Reading.FILTER)
        assert app == line, path.name


TAGGED = POST.replace(
    "</title><wp:post_type>", '</title><category domain="post_tag">poems</category><wp:post_type>'
)
SEVERAL = {
    "book.txt": BOOK,
    "broken.csv": "words,by\n",
    "empty.txt": "",
    "old.txt": FILES["old.txt"],
    "posts.xml": TAGGED,
    "verses.csv": f'words,by,named\n"{SONG}",Ada,Lamp\n"{PROSE}",Bob,\n',
    "wrong.docx": "PK\x03\x04 no document",
}


@pytest.mark.parametrize(
    ("options", "wanted", "reading"),
    [
        ([], FieldChoice(), Reading.FILTER),
        (["--all-poems"], FieldChoice(), Reading.POEMS),
        (
            ["--text", "words", "--author", "by", "--title", "named"],
            FieldChoice("words", "named", "by"),
            Reading.FILTER,
        ),
        (["--tag", "poems", "--tag", "others"], FieldChoice(tags=("poems", "others")), Reading.FILTER),
        (["--text", "words", "--all-poems"], FieldChoice("words"), Reading.POEMS),
    ],
)
def test_several_files_with_each_option(
    options: list[str],
    wanted: FieldChoice,
    reading: Reading,
    tmp_path: Path,
    poetbot_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "my poems"
    folder.mkdir()
    files = {
        name: text if isinstance(text, bytes) else text.encode("utf-8") for name, text in SEVERAL.items()
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    out = tmp_path / "poems.jsonl"
    assert main(["corpus", str(folder), *options, "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    poems = [Poem(row["text"], row.get("title"), row.get("author")) for row in rows]
    gone = find_repeats(poems, set(), lambda share: None)
    corpus = create_corpus(Home(poetbot_home), files)
    corpus.set_fields(wanted)
    corpus.set_reading(reading)
    summary = corpus.read()
    assert [(poem.text, poem.title, poem.author) for poem in corpus.results().poems()] == [
        (poem.text, poem.title, poem.author) for place, poem in enumerate(poems) if place not in gone
    ]
    told = capsys.readouterr().err.splitlines()
    # The command names its option where the app offers a choice.
    told = [
        line.replace("my poems/", "") for line in told if "Use --tag" not in line and "exact cop" not in line
    ]
    # The page asks about an encoding where the command line tells it.
    asked = [encoding_notice(list(files)[each.file], each.encoding, each.line) for each in summary.encoded]
    assert sorted(told) == sorted(map(str, [*asked, *summary.notices]))
    assert any("empty.txt is empty" in line for line in told) and any("wrong.docx" in line for line in told)
    assert "words" in summary.fields  # to choose from, though the tables cannot be read without
