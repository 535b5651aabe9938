"""What stands around a poem, as HTML: what it shares, its receipt. Pure functions; everything that enters is escaped."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

from poetbot.overlap import headline, in_hundred
from poetbot.overlap.figures import SHORTEST_SPAN
from poetbot.web.words import Words
from poetbot.writing import WrittenPoem

Report = Mapping[str, Any]
_FIRST_LINE = 60  # characters of a first line in the list of poems


def marked(length: int, marks: Iterable[tuple[int, int, bool]]) -> list[tuple[int, int, str]]:
    """Return the marks of a text of so many characters as web/tabs/write/page.js draws them: start, end, kind, none over another."""
    runs = groupby(enumerate(_kinds(length, marks)), key=itemgetter(1))
    found = [(kind, [at for at, _ in run]) for kind, run in runs]
    return [(places[0], places[-1] + 1, kind) for kind, places in found if kind]


def _kinds(length: int, marks: Iterable[tuple[int, int, bool]]) -> list[str]:
    """Return for each character, and the one past the last, "" (not shared), "common" or "rare", which prevails."""
    kinds = [""] * (length + 1)
    for start, end, distinctive in marks:
        for at in range(start, min(end, length)):
            kinds[at] = "rare" if distinctive or kinds[at] == "rare" else "common"
    return kinds


def ended_html(poem: WrittenPoem, words: Words) -> str:
    """Return a sentence for a poem that ended because nothing but a copy was left to write."""
    return f'<p class="ended">{escape(words.ended_by_guard)}</p>' if poem.stopped_by == "guard" else ""


def overlap_html(text: str, report: Report | None, words: Words) -> str:
    """Return one sentence of overlap; where runs of four words or more are shared, it opens their table."""
    if report is None:
        return f'<p class="overlap">{escape(words.no_index)}</p>'
    sentence = escape(overlap_sentence(report, words))
    if not report["spans"]:
        return f'<p class="overlap">{sentence}</p>'
    return (
        f'<details class="overlap"><summary>{sentence}</summary>'
        f"<p>{escape(_novel(report, words))}</p>{_table(text, report, words)}<p>{escape(words.legend)}</p></details>"
    )


def overlap_sentence(report: Report, words: Words) -> str:
    """Return the sentence as plain text."""
    facts = headline(dict(report))
    if not report["words"] - report["seed_words"]:
        return words.nothing_written
    long = facts["words"] >= SHORTEST_SPAN
    if long:
        poems = words.in_one_poem if facts["poems"] == 1 else words.in_poems.format(n=f"{facts['poems']:,}")
        said = words.longest_run.format(n=facts["words"], text=facts["text"], poems=poems)
    else:
        said = words.longest_short if facts["words"] else words.nothing_shared
    if facts["passages"] is None:
        return f"{said}{words.tongue.stop}"
    share = people_share(facts["longer" if long else "sharing"], facts["passages"], words)
    people = words.human_passages if facts["joined"] else words.human_poems
    beside = words.longer_ones if long else words.some_at_all
    return f"{said}{words.tongue.semicolon}{beside.format(share=share, people=people)}{words.tongue.stop}"


def people_share(count: int, total: int, words: Words) -> str:
    """Return how many of the human poems, "38 of 100"; never none or all but where it is true."""
    n, all_ = in_hundred(count, total)
    return words.so_many_of.format(n=n, all=all_) if n is not None else words.hardly_any_of.format(all=all_)


def _novel(report: Report, words: Words) -> str:
    total, share = report["fourgrams"]["total"], report["fourgrams"]["share_novel"]
    if share is None:
        return ""
    novel = round(total * share)
    # Rounded towards "shared": 100 % is said only where it is true.
    return words.share_novel.format(novel=f"{novel:,}", total=f"{total:,}", share=int(1000 * share) / 10)


def _table(text: str, report: Report, words: Words) -> str:
    heads = (words.shared_words, words.number_of_words, words.places, words.read_in)
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = "".join(_row(text, span, words) for span in sorted(report["spans"], key=_longest_first))
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _longest_first(span: Mapping[str, Any]) -> tuple[int, int]:
    return -span["words"], span["start"]


def _row(text: str, span: Mapping[str, Any], words: Words) -> str:
    kind = "rare" if span["distinctive"] else "common"
    sources = [_source(source, words) for source in span["sources"]]
    different = list(dict.fromkeys(sources))
    shown = "<br>".join(escape(each) for each in different[:3])
    if (left := span["count"] - sum(1 for source in sources if source in different[:3])) > 0:
        shown += f"<br>{escape(words.more_places.format(n=f'{left:,}'))}"
    run = escape(_one_line(text[span["start"] : span["end"]]))
    return (
        f'<tr><td class="run"><mark class="{kind}">{run}</mark></td><td>{span["words"]}</td>'
        f"<td>{span['count']:,}</td><td>{shown}</td></tr>"
    )


def _source(source: Mapping[str, Any], words: Words) -> str:
    author = source["author"] or words.unknown_author
    said = f"{author}{words.tongue.comma}{source['title'] or words.unknown_title}"
    return said + words.tongue.aside.format(words.from_parent) if source["of"] == "parent" else said


def receipt_html(poem: WrittenPoem, words: Words) -> str:
    """Return what writes the poem again, folded away behind one small line."""
    note = ""
    if poem.receipt.get("stop_after") is not None:
        note = f"<p>{escape(words.stopped_note.format(n=poem.receipt['stop_after']))}</p>"
    said = f"{words.receipt}{words.tongue.colon}{receipt_line(poem, words)}"
    return (
        f'<details class="receipt"><summary>{escape(said)}</summary>'
        f"<p>{escape(words.write_again_with)}</p><pre><code>{escape(command(poem))}</code></pre>{note}</details>"
    )


def receipt_line(poem: WrittenPoem, words: Words) -> str:
    """Return the receipt in one line of plain text."""
    return words.receipt_line.format(**_figures(poem, words))


def _figures(poem: WrittenPoem, words: Words) -> dict[str, str]:
    guard = poem.receipt.get("guard")
    return {
        "poet": str(poem.receipt["poet"]),
        "id": str(poem.receipt["poet_id"])[:8],
        "temperature": _plain(poem.temperature),
        "top_p": _plain(poem.receipt["top_p"]),
        "guard": words.receipt_guard.format(n=guard) if guard else "",
        "rng": str(poem.rng),
    }


def _plain(number: float) -> str:
    return f"{number:.15g}"


def command(poem: WrittenPoem) -> str:
    """Return the command line that writes this poem."""
    receipt = poem.receipt
    parts = ["python", "-m", "poetbot", "write", str(receipt["poet"])]
    if receipt.get("epoch") is not None:
        parts += ["--epoch", str(receipt["epoch"])]
    if receipt["seed"]:
        seed = receipt["seed"]
        parts += [f"--seed={seed}"] if seed.startswith("-") else ["--seed", seed]
    parts += ["--temperature", _plain(poem.temperature)]
    if receipt["top_p"] != 1:
        parts += ["--top-p", _plain(receipt["top_p"])]
    for length in ("lines", "characters"):
        if receipt.get(length) is not None:
            parts += [f"--{length}", str(receipt[length])]
    for name, value in (receipt.get("form") or {}).items():
        parts.append(f"--{name}={','.join(map(str, value)) if isinstance(value, list) else value}")
    if receipt.get("real_words"):
        parts.append("--real-words")
    if receipt.get("guard"):
        parts += ["--guard", str(receipt["guard"])]
    return shlex.join([*parts, "--rng", str(poem.rng)])


def text_to_save(poem: WrittenPoem, words: Words) -> str:
    """Return the poem as a text file, its receipt in small below it."""
    footer = words.saved_footer.format(**_figures(poem, words))
    if poem.seed_characters:
        footer += words.tongue.gap + words.saved_footer_seed.format(n=poem.seed_characters)
    return f"{poem.text.rstrip()}\n\n--\n{footer}\n"


def file_name(poem: WrittenPoem) -> str:
    """Return a name for the file: the first line in plain letters, else the rng."""
    plain = re.sub(r"[^a-z0-9]+", "-", first_line(poem.text).casefold().replace("'", "")).strip("-")[:48]
    return f"{plain.strip('-') or f'poem-{poem.rng}'}.txt"


def first_line(text: str) -> str:
    """Return the first line with words in it, shortened for a list; "" where there is none."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= _FIRST_LINE else line[: _FIRST_LINE - 1].rstrip() + "…"


def notices_html(notices: Sequence[str]) -> str:
    """Return what the person should know about their first words, one paragraph each."""
    return "".join(f"<p>{escape(notice)}</p>" for notice in notices)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
