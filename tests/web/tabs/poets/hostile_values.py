"""Values that a poet's files may hold if somebody made them by hand, and what their HTML must not hold."""

from html.parser import HTMLParser

from hypothesis import strategies as st

XSS = "<script>document.title='broken in'</script>\"'><img src=x onerror=alert(1)>"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(XSS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.wrong += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href", "style")]


def harmless(html: str) -> None:
    tags = _Tags(html)
    assert not tags.found & {"script", "img", "a", "iframe", "object", "b"} and tags.wrong == []
