"""Files that are not UTF-8; each text is written for these tests."""

import codecs
import os
import time

import pytest

from poetbot.corpus import decode
from poetbot.corpus.loading import parse_file, read_plain
from poetbot.documents.decoding import decode_with_guess
from poetbot.documents.encoding_detection import ENCODINGS, possible_encodings
from poetbot.errors import PoetBotError

TEXTS = {
    "English": "The lamp is lit, the door is shut,\nthe kettle’s started to sing,\nand every cup inside the hut\n",
    "French": "L’été s’en va par la fenêtre,\nla cafetière chante encore,\noù donc est passé le garçon\n",
    "German": "Die Straße schläft, der Kessel singt,\nüber den Dächern wird es kühl,\nund keiner weiß warum.\n",
    "Polish": "Wieczór nad rzeką cicho się kładzie,\nłódka przy brzegu śpi już od dawna,\nkażda jest zabawna.\n",
    "Czech": "Večer se sklání nad tichou řekou,\nlodička spí už u břehu dlouho,\nhvězdy nad starou střechou\n",
    "Russian": "Над тихой рекой опускается вечер,\nи лодка у берега спит,\nстарик зажигает последние свечи\n",
    "Greek": "Το βράδυ πέφτει στο ποτάμι,\nη βάρκα στην ακτή κοιμάται,\nκι ένα παλιό μικρό καλάμι\n",
    "simplified": "小巷灯初上，\n茶烟绕短墙。\n归人踏雨过，\n一路桂花香。\n",
    "traditional": "小巷燈初上，\n茶煙繞短牆。\n歸人踏雨過，\n一路桂花香。\n",
    "Japanese": "小さな駅の待合室に\n古いストーブが燃えていた\n雪は静かに窓をたたき\n",
    "Korean": "작은 역의 대합실에는\n낡은 난로가 타고 있었다\n눈은 조용히 창을 두드리고\n",
}


@pytest.mark.parametrize("times", [1, 300])
@pytest.mark.parametrize(
    ("language", "encoding", "named"),
    [
        ("English", "cp1252", "Windows-1252"),
        ("French", "cp1252", "Windows-1252"),
        ("German", "cp1252", "Windows-1252"),
        ("Polish", "cp1250", "Windows-1250"),
        ("Czech", "cp1250", "Windows-1250"),
        ("Russian", "cp1251", "Windows-1251"),
        ("Russian", "koi8-r", "KOI8-R"),
        ("Greek", "cp1253", "Windows-1253"),
        ("simplified", "gb18030", "GB18030"),
        ("traditional", "big5", "Big5"),
        ("Japanese", "cp932", "Shift_JIS"),
        ("Japanese", "euc_jp", "EUC-JP"),
        ("Korean", "cp949", "EUC-KR"),
        ("English", "utf-16-le", "UTF-16"),
        ("French", "utf-16-be", "UTF-16"),
        ("simplified", "utf-16-le", "UTF-16"),
        ("Japanese", "utf-16-be", "UTF-16"),
    ],
)
def test_it_is_read_and_named(language: str, encoding: str, named: str, times: int) -> None:
    notices: list[str] = []
    text = TEXTS[language] * times
    assert decode(text.encode(encoding), "verse.txt", notices) == text
    notice = str(*notices)
    assert notice.startswith(f"verse.txt isn't UTF-8 and was read as {named}.")
    telling = next(line for line in text.split("\n") if not line.isascii())
    assert notice.endswith(f": {telling}")


def test_one_word_far_into_a_book_is_enough() -> None:
    book = "The kettle sings upon the stove, and nobody is home.\n" * 20_000
    text = book + "Adèle has gone to Orléans with all the forks.\n" + book
    assert decode(text.encode("cp1252"), "x") == text


def test_lines_that_are_very_long() -> None:
    text = TEXTS["simplified"].replace("\n", "") * 3000 + " "
    assert decode(text.encode("gb18030"), "x") == text
    text = TEXTS["French"].replace("\n", " ") * 3000
    assert decode(text.encode("cp1252"), "x") == text


@pytest.mark.parametrize(
    "data",
    [
        "“Öl” und Käse\n".encode() * 5 + b"\xff\n",
        codecs.BOM_UTF8 + b"caf\xe9 au lait\n",
        bytes(range(128, 256)) * 8,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    ],
)
def test_an_unclear_encoding_is_an_error(data: bytes) -> None:
    with pytest.raises(PoetBotError) as caught:
        decode(data, "verse.txt")
    assert "verse.txt isn't" in str(caught.value) and "\n" not in str(caught.value)


def test_noise_is_not_taken_for_text() -> None:
    noise = os.urandom(100_000)
    for data in (noise, noise.replace(b"\0", b"a"), b"words " * 100 + noise):
        with pytest.raises(PoetBotError):
            decode(data, "x")


def test_a_large_file_takes_little_longer_than_its_size() -> None:
    data = (TEXTS["French"] * 100_000).encode("cp1252")
    start = time.process_time()
    decode(data, "x")
    assert time.process_time() - start < 5
    start = time.process_time()
    with pytest.raises(PoetBotError):
        decode(b"\xe9" * 10_000_000 + b"a", "x")
    assert time.process_time() - start < 5


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
def test_tables_of_a_spreadsheet(encoding: str) -> None:
    separator = "\t" if "16" in encoding else ";"
    rows = [("title", "author", "text"), ("Stove", "Adèle", '"one’s own\ntwo"')]
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    found = parse_file(data, "poems.csv")
    (poem,) = found.poems
    assert (poem.title, poem.author, poem.text) == ("Stove", "Adèle", "one’s own\ntwo")
    assert ("was read as" in " ".join(map(str, found.notices))) is (encoding != "utf-16")


def test_a_notice_reaches_every_way_of_reading(tmp_path) -> None:
    data = TEXTS["French"].encode("cp1252")
    assert "was read as Windows-1252" in str(parse_file(data, "x.txt").notices[0])
    (tmp_path / "x.txt").write_bytes(data)
    assert "was read as Windows-1252" in str(read_plain(tmp_path / "x.txt").notices[0])


@pytest.mark.parametrize(
    ("language", "encoding", "named"),
    [
        ("French", "cp1252", "Windows-1252"),
        ("Russian", "koi8-r", "KOI8-R"),
        ("Greek", "cp1253", "Windows-1253"),
        ("simplified", "gb18030", "GB18030"),
        ("traditional", "big5", "Big5"),
        ("Japanese", "cp932", "Shift_JIS"),
    ],
)
def test_users_can_choose_among_the_possible_encodings(language: str, encoding: str, named: str) -> None:
    data = TEXTS[language].encode(encoding)
    offered = dict(possible_encodings(data))
    telling = next(line for line in TEXTS[language].split("\n") if not line.isascii())
    assert offered[named] == telling and 1 < len(offered) <= len(ENCODINGS)
    assert len(set(offered.values())) == len(offered)
    for name, line in offered.items():
        text, guess = decode_with_guess(data, "verse.txt", encoding=name)
        assert guess and guess.encoding == name and guess.line == line and line in text


def test_what_makes_no_text_of_the_bytes_is_not_offered() -> None:
    assert "GB18030" not in dict(possible_encodings("Café,\ngarçon\n".encode("cp1252") + b"\xff\n"))
    assert possible_encodings("Über alle Dächer\n".encode("utf-16-le")) == []
    # Whoever chooses an encoding all the same gets a text, with signs for what means nothing in it, but no zeros.
    text, _ = decode_with_guess("Café,\ngarçon\n".encode("cp1252"), "verse.txt", encoding="Big5")
    assert "\ufffd" in text
    with pytest.raises(PoetBotError, match="zero byte at line 1"):
        decode_with_guess("Über\n".encode("utf-16-le"), "verse.txt", encoding="Windows-1252")


def test_offering_encodings_takes_no_longer_for_a_long_text() -> None:
    data = TEXTS["Russian"].encode("cp1251") * 10_000
    possible_encodings(data)

    def seconds(part: bytes) -> float:
        began = time.process_time()
        possible_encodings(part)
        return time.process_time() - began

    assert seconds(data * 10) < 5 * seconds(data) + 0.2
