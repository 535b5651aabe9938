"""Texts of Aozora Bunko; the text is written for these tests."""

import time

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents.aozora_bunko import read_aozora, without_annotations

RULE = "-" * 55
TEXT = f"""港の灯
作り人

{RULE}
【テキスト中に現れる記号について】

《》：ルビ
（例）港《みなと》
{RULE}

古い港《みなと》の灯《ひ》がともる
｜小さな駅《ちいさなえき》に雪が降る
［＃ここから２字下げ］
母の手紙はまだ来ない
ストーブだけが燃えている※［＃「てん」、1-2-3］
［＃ここで字下げ終わり］

底本：「どこかの本」どこか文庫
入力：だれか
"""


def test_only_visible_text_is_left() -> None:
    lines = without_annotations(TEXT).split("\n")
    assert len(lines) == len(TEXT.split("\n"))
    assert [line for line in lines if line] == [
        "港の灯",
        "作り人",
        "古い港の灯がともる",
        "小さな駅に雪が降る",
        "母の手紙はまだ来ない",
        "ストーブだけが燃えている",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_both_encodings_are_read(encoding: str) -> None:
    (poem,) = parse_file(TEXT.encode(encoding), "x.txt").poems
    assert (poem.title, poem.author, poem.start_line) == ("港の灯", "作り人", 11)
    assert (
        poem.text
        == "古い港の灯がともる\n小さな駅に雪が降る\n\n母の手紙はまだ来ない\nストーブだけが燃えている"
    )


@pytest.mark.parametrize(
    ("head", "title", "author"),
    [
        ("港の灯", "港の灯", None),
        ("港の灯\n――子どもたちへ――\n作り人", "港の灯", "作り人"),
        ("港の灯\nTHE HARBOUR\nある人 Aru Hito\n写し人訳", "港の灯", "ある人 Aru Hito"),
        ("\n".join(["港"] * 9), None, None),
    ],
)
def test_title_and_author_are_in_the_first_lines(head: str, title: str | None, author: str | None) -> None:
    body = "\n\n\n古い港の灯がともる\n小さな駅に雪が降る\n"
    text = f"{head}{body}\n底本：「どこかの本」どこか文庫\n"
    book = read_aozora(text)
    assert (book.title, book.author) == (title, author)
    assert book.text == (("\n" * head.count("\n") if title else head) + body + "\n\n")
    assert read_aozora(head + body) == (head + body, None, None)  # a text of somebody else's


def test_a_title_in_the_same_brackets_elsewhere_stays() -> None:
    assert without_annotations("《小巷》\n灯初上｜夜\n") == "《小巷》\n灯初上｜夜\n"


@pytest.mark.parametrize("run", ["《", "［＃", "-", "｜", "《あ", "※［＃"])
def test_long_runs_are_fast(run: str) -> None:
    start = time.process_time()
    without_annotations("［＃x］\n" + run * 500_000)
    read_aozora(run * 500_000 + "\n底本：")
    assert time.process_time() - start < 10
