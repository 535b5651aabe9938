"""Words against a regular expression over the same text in NFC, casefolded."""

import re
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import normalization, words

CJK = re.compile(
    "[\u1100-\u11ff\u3005-\u303c\u3041-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00016fe0-\U00018cff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff]"
)
ODD = (
    "aAbz9 '’‘ʼ-_\n\r\t.ßŉİſﬁéÅ\u212b\u0301\u0323\u0327\u0345\u3099\ufe0f中\uf900か\u30ab\u304b\u1100\u1161\u11a8"
    "\uac00\uac01\U00020000क\u093c\u0958ش\u0651\u200d\U0001f600\x00\ud800¼Ⅷ\u00ad\ufeff`´′‛＇ʻＡ１𝐛ｶﾞ²‐"
)
INVISIBLE = "\u00ad\u034f\u200b\u200c\u200d\u200e\u2060\ufe0f\ufeff\U000e0101"
OTHER_STYLES = "ﬁⅧＡ１𝐛ｶﾞ"


def plain_words(text: str) -> list[str]:
    text = "".join(c for c in text if c not in INVISIBLE)
    text = re.sub(
        r"(?<=[^\W\d_]|[\u0300-\u036f])[-‐][ \t\r]*\n[ \t]*(?=[^\W\d_])(.)",
        lambda m: m[0] if m[1].isupper() or CJK.match(m[1]) else m[1],
        text,
    )
    text = "".join(unicodedata.normalize("NFKC", c) if c in OTHER_STYLES else c for c in text)
    text = unicodedata.normalize("NFC", text).casefold()
    for apostrophe in "’‘ʼ`´′‛＇ʻ":
        text = text.replace(apostrophe, "'")
    shape = []
    for c in text:
        mark = unicodedata.category(c).startswith("M")
        shape.append(
            "M"
            if mark
            else "'"
            if c == "'"
            else "C"
            if c.isalnum() and CJK.match(c)
            else "L"
            if c.isalnum()
            else "."
        )
    return [text[m.start() : m.end()] for m in re.finditer("CM*|L[LM]*(?:'L[LM]*)*", "".join(shape))]


@given(st.text(st.sampled_from(ODD), max_size=60))
def test_words_equal_those_of_the_regular_expression(text: str) -> None:
    assert words(text).strings() == plain_words(text)


@given(st.text(max_size=60))
def test_words_are_at_their_places_in_any_text(text: str) -> None:
    found = words(text)
    for word, start, end in zip(found.strings(), found.starts.tolist(), found.ends.tolist(), strict=True):
        assert words(text[start:end]).strings() == [word]


@given(st.text(st.sampled_from("abcdeé ' ñ\n"), max_size=40), st.sampled_from(["NFC", "NFD"]))
def test_equal_words_have_equal_keys_in_every_form(text: str, form: str) -> None:
    other = unicodedata.normalize(form, text.upper())
    assert words(text).keys.tolist() == words(other).keys.tolist()
    assert len(set(words(text).keys.tolist())) == len(set(words(text).strings()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("—…!?_ \n\x00 😀 ❤️", []),
        ("‘Tis the Rose’s half-light", ["tis", "the", "rose's", "half", "light"]),
        ("O'er o''er 'o'", ["o'er", "o", "er", "o"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("床前，明月光", list("床前明月光")),
        ("シのa한국 b", ["シ", "の", "a", "한", "국", "b"]),
        ("\u0301a\u0301b", ["áb"]),
        ("שָׁלוֹם עולם", ["ש\u05b8\u05c1לו\u05b9ם", "עולם"]),
        ("snake_case 1,000", ["snake", "case", "1", "000"]),
        (
            "a pil-\nlow, a bas-  \r\n   ket, a re\u0301-\nsume\u0301",
            ["a", "pillow", "a", "basket", "a", "résumé"],
        ),
        ("the half-light was hers-\nAnd his--\nor no one’s -\nthe end-", None),
        ("1914-\nten, 明-\nmoon, gone-\n\nby", None),
        ("pil\u00adlow, \ufeffbas\u200bket\u200b", ["pillow", "basket"]),
        ("o`er o´er o′er o‛er o＇er oʻer oʽer", ["o'er"] * 7),
        ("Ｐｉｌｌｏｗ 𝐩𝐢𝐥𝐥𝐨𝐰 𝓅𝒾𝓁𝓁ℴ𝓌 ﬂoat １２", ["pillow", "pillow", "pillow", "float", "12"]),
        ("ｶﾞ ⽇ ﻼ", ["ガ", "日", "لا"]),
        ("ใจดำ ㅋㅋ ½ m²", ["ใจดำ", "ㅋ", "ㅋ", "½", "m²"]),
    ],
)
def test_words(text: str, expected: list[str] | None) -> None:
    if expected is None:  # nothing is joined
        expected = [each for part in re.split("[-\n ]", text) for each in words(part).strings()]
    assert words(text).strings() == [unicodedata.normalize("NFC", word) for word in expected]


def test_places_refer_to_the_text_as_given() -> None:
    text = "Cafe\u0301 ŉ Straße"
    found = words(text)
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == ["Cafe\u0301", "ŉ", "Straße"]


@given(st.text(st.sampled_from(ODD), max_size=40), st.data())
def test_invisible_characters_anywhere_change_no_word(text: str, data: st.DataObject) -> None:
    parts = [(data.draw(st.text(st.sampled_from(INVISIBLE), max_size=2)), c) for c in text]
    other = "".join(hidden + c for hidden, c in parts)
    found = words(other)
    assert found.keys.tolist() == words(text).keys.tolist()
    for word, start, end in zip(found.strings(), found.starts, found.ends, strict=True):
        assert words(other[start:end]).strings() == [word]
        assert other[start] not in INVISIBLE and other[end - 1] not in INVISIBLE


def test_unicode_still_allows_the_fast_path() -> None:
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        plain = normalization.compatible(character)
        nfc = unicodedata.normalize("NFC", plain)
        fold = normalization.folded(nfc)
        if fold != character:
            assert normalization.folded(fold) == fold, hex(point)
            for part in fold:
                assert (
                    normalization.folded(unicodedata.normalize("NFC", normalization.compatible(part))) == part
                ), hex(point)
        decomposed = unicodedata.decomposition(character)
        if decomposed and not decomposed.startswith("<") and " " in decomposed:
            assert normalization._may_attach(chr(int(decomposed.split()[1], 16))), hex(point)
        assert normalization._may_attach(plain[0]) or not normalization._may_attach(nfc[0]), hex(point)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "a" + "\u0301\u0323" * 500_000,
        "'" * 1_000_000,
        "\u1161" * 200_000,
        "中" * 1_000_000,
        "a\x00" * 500_000,
        "\u200b" * 1_000_000,
        "a-\n" * 300_000,
        "a-" + " " * 1_000_000,
        "a- " * 300_000,
        "Ａ" * 500_000,
    ],
    ids=[
        *("one word", "marks", "apostrophes", "jamo", "Chinese", "NULs"),
        *("invisible", "hyphens at line ends", "a hyphen and blanks", "hyphens", "full width"),
    ],
)
def test_a_million_characters_take_seconds_at_most(text: str) -> None:
    start = time.process_time()
    words(text)
    assert time.process_time() - start < 10


def test_anything_but_text_is_refused() -> None:
    with pytest.raises(PoetBotError, match="not in bytes"):
        words(b"abc")  # type: ignore[arg-type]
