"""Parse XML as a stream of events, without resolving entities or opening other files."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from poetbot.errors import PoetBotError

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

MAX_DEPTH = 1000
"""Maximum depth of nested elements."""

Name = tuple[str | None, str]
"""Namespace and local name of an element or an attribute."""


def read_xml(
    pieces: Iterable[bytes],
    name: str,
    *,
    start: Callable[[Name, "AttributesNSImpl"], None],
    end: Callable[[Name], None],
    text: Callable[[str], None],
) -> None:
    """Call `start`, `end` and `text` for the contents of the XML document whose bytes are `pieces`, in order.

    No tree is built, so memory doesn't grow with the document. Raises PoetBotError if it isn't well-formed, is nested deeper than
    MAX_DEPTH, or declares entities (as XML bombs do) or refers to other files.
    """
    # Imported here because only two kinds of files need a parser.
    from xml.sax import SAXException, handler

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    class Events(handler.ContentHandler):
        depth = 0

        def startElementNS(self, name: Name, qname: str | None, attrs: "AttributesNSImpl") -> None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _TooDeep
            start(name, attrs)

        def endElementNS(self, name: Name, qname: str | None) -> None:
            self.depth -= 1
            end(name)

        def characters(self, content: str) -> None:
            text(content)

    parser = make_parser()
    parser.setFeature(handler.feature_namespaces, True)
    parser.setContentHandler(Events())
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except _TooDeep:
        raise PoetBotError(
            "{name} has XML that is nested too deeply. Save it again, then try once more.", name=name
        ) from None
    except DefusedXmlException:
        raise PoetBotError(
            "{name} declares XML entities or refers to other files, which isn't allowed. Export it again without them.",
            name=name,
        ) from None
    except (SAXException, ValueError, LookupError) as error:
        line = getattr(error, "getLineNumber", lambda: None)()
        if line:
            raise PoetBotError(
                "{name} has broken XML at line {line:,}. Save or export it again, then try once more.",
                name=name,
                line=line,
            ) from None
        raise PoetBotError(
            "{name} has broken XML. Save or export it again, then try once more.", name=name
        ) from None


class _TooDeep(Exception):
    """Raised if elements are nested too deeply."""
