"""What an overlap report says in words and numbers: its figures, its curve, its runs, its poems among themselves."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from poetbot.web.components.poem_view import first_line, human_share
from poetbot.web.serving.session import Checked
from poetbot.web.tabs.overlap.novelty_curve import curve_key, curve_svg, people_of
from poetbot.web.tabs.overlap.report_view import one_line, source_html
from poetbot.web.words import Words

RUNS = 40  # of the table
_LINES = 5  # that are quoted
_POEMS = 200  # that are listed among themselves

Row = tuple[str, ...]


def figures_html(checked: Checked, words: Words) -> str:
    """Return every figure of the report: what it is, what it is here, and where it stands among people's."""
    own, report = words.overlap, checked.report
    people = report["percentiles"]
    rows = [
        (own.words_compared, _counted(report, words), _compared(report, words)),
        (
            own.longest_figure,
            _words(report["longest"]["words"], words),
            _beside(
                report,
                people and people["longest"],
                own.people_longer,
                lambda n: _words(int(n), words),
                words,
            ),
        ),
        (
            own.novel_figure,
            share_text(report["fourgrams"]["share_novel"], words),
            _beside(report, people and people["share_novel"], own.people_newer, _down(words), words),
        ),
    ]
    for n, share in report["coverage"].items():
        standing = people and people["coverage"][n]
        rows.append(
            (
                own.coverage_figure.format(n=n),
                share_text(share, words, up=True),
                _beside(report, standing, own.people_more, _up(words), words),
            )
        )
    summary = report["summary"]
    spans = own.spans_rare.format(n=f"{summary['spans']:,}", rare=f"{summary['distinctive']:,}")
    rows.append(
        (own.spans_figure, spans, own.rare_note if report["compared_with"]["limit_from_human_poems"] else "")
    )
    rows.append((own.lines_figure, f"{summary['lines']:,}", _lines(checked, words)))
    heads = (own.figure, own.this_text, own.beside_people)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td><td>{escape(said)}</td></tr>'
        for name, value, said in rows
    )
    return f"<section><h2>{escape(own.figures)}</h2>{_table(heads, body, 'figures')}</section>"


def _counted(report: Mapping[str, Any], words: Words) -> str:
    n, given = report["words"], report["seed_words"]
    return words.overlap.words_given.format(n=f"{n:,}", given=f"{given:,}") if given else f"{n:,}"


def _compared(report: Mapping[str, Any], words: Words) -> str:
    own, with_, people = words.overlap, report["compared_with"], report["percentiles"]
    said = [own.compared_with.format(words=f"{with_['words']:,}", poems=f"{with_['poems']:,}")]
    if with_["parents_poems"]:
        said.append(own.of_the_parent.format(n=f"{with_['parents_poems']:,}"))
    if people:
        whom = own.human_passages
        said.append(
            own.people_passages.format(n=f"{people['passages']:,}", people=whom, words=f"{people['words']:,}")
        )
    else:
        said.append(own.people_unknown)
    return words.tongue.gap.join(said)


def _beside(report: Mapping[str, Any], standing: Any, sentence: str, value: Any, words: Words) -> str:
    """Return where a figure stands: how many people's are higher, and what the middle one is."""
    if not standing:
        return ""
    people = report["percentiles"]
    share = human_share(round(standing["higher"] * people["passages"]), people["passages"], words.language)
    return _capital(sentence.format(share=share, middle=value(standing["quantiles"]["50"])))


def _lines(checked: Checked, words: Words) -> str:
    firsts = [line for line in checked.report["lines"] if line["line"] == line["first"]][:_LINES]
    quoted = [
        words.overlap.line_quoted.format(
            text=one_line(checked.text[line["start"] : line["end"]]), n=f"{line['line']:,}"
        )
        for line in firsts
    ]
    left = checked.report["summary"]["lines"] - len(quoted)
    more = [words.more_places.format(n=f"{left:,}")] if left > 0 else []
    return words.tongue.listed.join([*quoted, *more])


def curve_html(checked: Checked, words: Words) -> str:
    """Return the novelty curve, what it means, and its numbers."""
    own, report = words.overlap, checked.report
    people = people_of(report)
    heads = (own.run_of, own.this_text, *((own.human_middle, own.human_most) if people else ()))
    body = ""
    for n, share in report["novelty"].items():
        row = [share_text(share, words)]
        if people:
            at = (people.get(int(n)) or {}).get("quantiles")
            low, middle, high = (share_text(at[q], words) for q in ("5", "50", "95")) if at else ("", "", "")
            row += [middle, f"{low} – {high}" if at else ""]
        body += f'<tr><th scope="row">{n}</th>{"".join(f"<td>{escape(each)}</td>" for each in row)}</tr>'
    return (
        f'<section class="novelty"><h2>{escape(own.curve)}</h2><p>{escape(own.curve_note)}</p>'
        f'<div class="beside"><figure>{curve_svg(report, words)}<figcaption>{curve_key(report, words)}</figcaption>'
        f"</figure>{_table(heads, body, 'numbers')}</div></section>"
    )


def runs_html(checked: Checked, words: Words) -> str:
    """Return the longest different runs with the line of the text and the source that is named first."""
    own, text = words.overlap, checked.text
    runs = different_runs(checked)
    if not runs:
        return ""
    breaks = [at for at, character in enumerate(text) if character == "\n"]
    body = ""
    for span in runs[:RUNS]:
        name, kind = ("rare", own.kind_rare) if span["distinctive"] else ("common", own.kind_common)
        more = f"<br>{escape(words.more_places.format(n=f'{n:,}'))}" if (n := span["count"] - 1) else ""
        body += (
            f'<tr><td class="run" dir="auto"><mark class="{name}">{escape(one_line(text[span["start"] : span["end"]]))}'
            f'</mark> <small>{escape(kind)}</small></td><td class="number" data-name="{escape(words.number_of_words)}">{span["words"]:,}</td>'
            f'<td class="number" data-name="{escape(own.your_line)}">{bisect_right(breaks, span["start"]) + 1:,}</td>'
            f"<td>{source_html(span['sources'][0], words)}{more}</td></tr>"
        )
    heads = (words.shared_words, words.number_of_words, own.your_line, words.read_in)
    cut = own.text_cut_runs.format(n=RUNS, all=f"{len(runs):,}") if len(runs) > RUNS else ""
    note = f'<p class="note-small">{escape(cut)}</p>' if cut else ""
    return f"<section><h2>{escape(own.all_runs)}</h2>{_table(heads, body, 'runs')}{note}</section>"


def different_runs(checked: Checked) -> list[Mapping[str, Any]]:
    """Return the spans, the longest first, a refrain once."""
    text = checked.text
    found: dict[str, Mapping[str, Any]] = {}
    for span in checked.report["spans"]:
        found.setdefault(" ".join(text[span["start"] : span["end"]].casefold().split()), span)
    return sorted(found.values(), key=lambda span: (-span["words"], span["start"]))


def among_html(checked: Checked, poems: Sequence[str], words: Words) -> str:
    """Return what the poems of the text share with one another; nothing where it is a single one."""
    own, among = words.overlap, checked.among
    if among is None:
        return ""
    longest = among["longest"]
    if longest["words"] < 4:
        said = f"<p>{escape(own.among_none)}</p>"
    else:
        numbers = ", ".join(str(n + 1) for n in sorted({place["poem"] for place in longest["places"]})[:20])
        share = share_text(among["fourgrams"]["share"], words, up=True)
        long, text = f"{longest['words']:,}", one_line(longest["text"])
        said = (
            f"<p>{escape(own.among_share.format(share=share))}</p>"
            f"<p>{escape(own.among_longest.format(n=long, text=text, poems=numbers))}</p>"
        )
    body = "".join(
        f'<tr><th scope="row">{k + 1}</th><td dir="auto">{escape(first_line(poem) or words.untitled)}</td>'
        f"<td>{escape(share_text(share, words, up=True))}</td></tr>"
        for k, (poem, share) in enumerate(zip(poems[:_POEMS], among["by_poem"], strict=False))
    )
    heads = (own.among_poem, own.among_first, own.among_shared)
    title = escape(own.among.format(n=f"{among['poems']:,}"))
    return f"<section><h2>{title}</h2>{said}{_table(heads, body, 'among')}</section>"


def share_text(share: float | None, words: Words, *, up: bool = False) -> str:
    """Return a share in per cent, rounded towards "shared": nothing new is called 100 %, nothing shared 0 %, in vain."""
    if share is None:
        return words.overlap.nothing_counted
    tenths = math.ceil(1000 * share - 1e-9) if up else math.floor(1000 * share + 1e-9)
    return words.overlap.percent.format(n=f"{tenths / 10:g}")


def _down(words: Words) -> Any:
    return lambda share: share_text(share, words)


def _up(words: Words) -> Any:
    return lambda share: share_text(share, words, up=True)


def _words(n: int, words: Words) -> str:
    return words.overlap.one_word if n == 1 else words.overlap.n_words.format(n=f"{n:,}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(heads: Iterable[str], body: str, name: str) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f'<div class="table"><table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
