"""Small documents of each kind, made for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = "".join(
    f' xmlns:{prefix}="{OASIS}{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("svg", "svg-compatible"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
    )
)
SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
LAMP = (
    "The lamp is lit, the door is shut,",
    "The kettle starts to sing,",
    "And every cup inside the hut",
    "Is waiting for the king.",
)
BOAT = (
    "The boats are back, the nets are dry,",
    "The harbour falls asleep,",
    "And nobody has asked me why",
    "I count the hills for sheep.",
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def odt(body: str, styles: str = "", meta: str = "", page_styles: str = "", **more: str) -> bytes:
    """Return an OpenDocument text."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": f"<office:document-meta{SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            "styles.xml": f"<office:document-styles{SPACES}>{page_styles}</office:document-styles>",
            "content.xml": f"<office:document-content{SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
            **{name.replace("_", "/"): content for name, content in more.items()},
        }
    )


def fodt(body: str, styles: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument text in one XML file."""
    return (
        f"<?xml version='1.0'?><office:document{SPACES}><office:meta>{meta}</office:meta><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document>"
    ).encode()


def odt_lines(lines: Sequence[str], title: str = "") -> str:
    """Return a poem for the body of an OpenDocument text, a line a paragraph."""
    head = f"<text:h>{escape(title)}</text:h>" if title else ""
    return head + "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"


def epub(
    chapters: Mapping[str, str],
    meta: str = "<dc:title>Ferries</dc:title><dc:creator>Ann Other</dc:creator>",
    properties: Mapping[str, str] | None = None,
    more: Mapping[str, str | bytes] | None = None,
    guide: str = "",
    items: str = "",
    spine: str | None = None,
) -> bytes:
    """Return an EPUB book: the bodies of its chapters by where they are, in the order in which they are read."""
    properties = properties or {}
    listed = "".join(
        f'<item id="i{number}" href="{href}" media-type="{XHTML}" properties="{properties.get(href, "")}"/>'
        for number, href in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{meta}</metadata><manifest>{listed}{items}</manifest>'
        f"<spine>{order if spine is None else spine}</spine><guide>{guide}</guide></package>"
    )
    pages = {
        f"OEBPS/{href}": "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'>"
        f"<head><title>Ferries</title></head><body>{body}</body></html>"
        for href, body in chapters.items()
    }
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    return zipped({**members, "OEBPS/book.opf": package, **pages, **(more or {})})
