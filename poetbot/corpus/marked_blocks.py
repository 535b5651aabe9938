"""Cut the filter's blocks at the writer's marks."""

from collections.abc import Sequence

from poetbot.corpus.line_features import Flags, Lines
from poetbot.documents.author_marks import BESIDE_VERSE
from poetbot.documents.block import DIVIDER, HEADING, MARKED_HEADING, NUMBER, SHORT_TEXT, Block

_NEVER_BESIDE = (HEADING, MARKED_HEADING, NUMBER, DIVIDER)
_SENTENCE_ENDS = tuple(map(ord, ".,:;?!…。，：；？！"))


def blocks_with_marks(blocks: Sequence[Block], marks: Sequence[Block], lines: Lines) -> list[Block]:
    """Return the filter's blocks, cut and relabelled at marks; both are in order."""
    cut: list[Block] = []
    at, blank = 0, lines.blank
    for block in blocks:
        line = max(block.start_line, cut[-1].end_line + 1 if cut else 1)
        while at < len(marks) and marks[at].end_line < line:
            at += 1
        each = at
        while each < len(marks) and marks[each].start_line <= block.end_line and line <= block.end_line:
            mark = marks[each]
            _add(cut, block, line, mark.start_line - 1, blank)
            if mark.reason == BESIDE_VERSE:
                begin, end = max(line, mark.start_line), min(block.end_line, mark.end_line)
                _add_beside(cut, block, begin, end, lines, blank)
                line = end + 1
            else:
                keep = mark.reason == MARKED_HEADING and block.reason == NUMBER
                cut.append(
                    block._replace(start_line=mark.start_line, end_line=mark.end_line) if keep else mark
                )
                line = mark.end_line + 1
            each += 1
        _add(cut, block, line, block.end_line, blank)
    return cut


def _add_beside(cut: list[Block], block: Block, first: int, last: int, lines: Lines, blank: Flags) -> None:
    """Add a part of a block beside marked verse; a short text that isn't a sentence may be its title."""
    if block.reason in _NEVER_BESIDE:
        _add(cut, block, first, last, blank)
        return
    outside = block._replace(label="other", reason=BESIDE_VERSE, score=0.0)
    if block.reason != SHORT_TEXT:
        _add(cut, outside, first, last, blank)
        return
    for line in range(first, last + 1):
        is_sentence = int(lines.last[line - 1]) in _SENTENCE_ENDS
        _add(cut, outside if is_sentence else block, line, line, blank)


def _add(cut: list[Block], block: Block, first: int, last: int, blank: Flags) -> None:
    """Add the part of a block from the first to the last non-blank one of these lines, if there is any."""
    while first <= last and blank[first - 1]:
        first += 1
    while first <= last and blank[last - 1]:
        last -= 1
    if first <= last:
        cut.append(block._replace(start_line=first, end_line=last))
