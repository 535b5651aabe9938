"""Find out how many suggested lines a demanding poet would keep: 30 half-written poems, three suggestions for each.

python -m benchmarks.kept write POET [POET ...] --out sheet.md --key key.json
    Writes a sheet with each poem and its suggestions, those of several poets in random order, and the key that says which
    poet suggested which. Give the reader only sheet.md.
python -m benchmarks.kept count key.json answers.txt
    Counts the answers: a line for each poem with a letter for each suggestion in order, such as "7 K L W". K: keep it as
    is; W: keep it with one word changed; L: leave it.

The poems were written for this benchmark.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.blind_reading import run
from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, LineRequest, suggest

POEMS = (
    """\
My grandmother peeled the onions first,
before she put the radio on.
She said the crying should be over
""",
    """\
The bus is late. A boy in a school coat
kicks the same can from one end
of the shelter to the other,
""",
    """\
I still pay for your phone.
Nobody calls it. Once a month
I listen to you say
""",
    """\
We bought the house in spring
and did not ask about the pear tree,
which leaned on the garage like a drunk uncle.
By August there were wasps.
""",
    """\
At the laundrette on Sunday night
the machines go round like small seas.
A woman folds a man's shirt slowly,
""",
    """\
The doctor drew it for us on a napkin:
here is the valve, and here
is where the blood goes wrong.
My father asked to keep the pen.
""",
    """\
First frost. The scarecrow
has lost a glove, and someone
has given him another.
""",
    """\
My daughter is learning to whistle.
All day she carries her mouth
around the house in the shape of a kiss
and nothing comes out of it.
""",
    """\
In the museum of the town where I was born
there is a plough, a wedding dress,
and a tooth
""",
    """\
You left the bread out.
You left the window open and the tap
not quite turned off, as if
you had heard someone calling
""",
    """\
The new neighbours have hung a bell
where the wind cannot help finding it.
At three in the morning I think of them,
""",
    """\
I was nine when they drained the lake.
There was a bicycle at the bottom,
two chairs, a safe with the door gone,
and mud, more mud than anyone had expected.
Everyone stood where the water had been.
""",
    """\
The night shift ends at six.
We stand at the gate with our hands in our sleeves
and the sun comes up over the car park
""",
    """\
When the piano was sold
it left four dents in the carpet.
The cat lies down between them
""",
    """\
My brother rings from the other side of the world
to ask how long to boil an egg.
It is already tomorrow there.
""",
    """\
Snow all morning. The postman
has made one line of prints to every door
and one line back.
""",
    """\
There is a word for this in my mother's language.
It means the light in a kitchen
that somebody left on for you.
I have tried for years to say it
""",
    """\
The dentist hums while he works.
I look up into the lamp
and count the flies in it,
""",
    """\
They are cutting the hedge behind the school.
Inside it are forty years of tennis balls,
""",
    """\
After the funeral we ate ham.
Someone's child went from table to table
collecting the little flags from the sandwiches,
and nobody told her to stop.
""",
    """\
I keep the receipt in my wallet.
It says two coffees, one cake,
the eleventh of March,
""",
    """\
The river is brown after the rain
and carries a door, a plank, a drowned hen.
We lean on the bridge. We always do
""",
    """\
Old man on the bench,
what do you tell the pigeons
when the bread is finished?
""",
    """\
She taught us long division
with apples cut from felt.
When she was ill we sent her one,
a green one, signed by everyone,
""",
    """\
The lift has been broken since Tuesday.
On the stairs I meet people
I have lived above for years.
""",
    """\
This is the drawer for string,
dead batteries, the key to no door,
the candles that were blown out once
at four, at five, at six,
""",
    """\
The dog is too old for the stairs.
I carry him down in the morning
the way my father carried
""",
    """\
We had run out of things to say,
so we drove to look at the sea.
It was closed, you said. It was only fog.
""",
    """\
From the train I saw a woman
hanging a blue sheet in her yard.
She had a peg in her mouth.
That was all. It was twenty years ago,
""",
    """\
Each spring the man across the road
paints his boat, which has not seen water
since his wife
""",
)[: full_or_tiny(None, 2)]
SUGGESTIONS = 3
GUARD = 8  # the app's default

LABELS = {"K": "kept as is", "W": "kept with one word changed", "L": "left"}


def suggestions_of(poet: Path | str) -> list[list[str]]:
    """Return three suggestions for each poem, with the app's default settings. Poem k has rng k."""
    loaded = load(poet)
    cached = CachedPoet(loaded, OverlapIndex.open(loaded.overlap_folder))
    found = []
    for k, poem in enumerate(POEMS):
        suggested = suggest(cached, LineRequest(poem, rng=k, count=SUGGESTIONS, guard=GUARD))
        found.append([each.line.strip() for each in suggested.suggestions])
    return found


def sheet(poets: Sequence[str], rng: int) -> tuple[str, list[list[str]]]:
    """Return the poems with their suggestions as Markdown, and the poet of each suggestion, as they are shown."""
    suggested = {poet: suggestions_of(poet) for poet in poets}
    shuffled = np.random.default_rng(rng)
    page, key = [], []
    for k, poem in enumerate(POEMS):
        lines = [(poet, line) for poet in suggested for line in suggested[poet][k]]
        lines = [lines[place] for place in shuffled.permutation(len(lines)).tolist()]
        key.append([poet for poet, _ in lines])
        typed = "\n".join(f"    {line}" for line in poem.splitlines())
        listed = "\n".join(f"{number}. {line}" for number, (_, line) in enumerate(lines, 1))
        page.append(f"## {k + 1}\n\n{typed}\n\n{listed}")
    return "\n\n".join(page) + "\n", key


def tally(key: Sequence[Sequence[str]], answers: str) -> dict[str, Counter[str]]:
    """Return how often each answer was given to each poet. Raises SystemExit if a suggestion has no answer."""
    found = {
        int(number): letters.upper().split()
        for number, letters in re.findall(r"^\W*(\d+)\W+([KWL](?:[ \t]+[KWL])*)\s*$", answers, re.M | re.I)
    }
    if missing := [k for k, poets in enumerate(key, 1) if len(found.get(k, ())) != len(poets)]:
        raise SystemExit(f"Not one answer for each suggestion of the poems {missing}.")
    counted: dict[str, Counter[str]] = {}
    for k, poets in enumerate(key, 1):
        for poet, letter in zip(poets, found[k], strict=True):
            counted.setdefault(poet, Counter())[letter] += 1
    return counted


def _print_count(key: list[list[str]], answers: str) -> None:
    counted = tally(key, answers)
    for poet, letters in counted.items():
        total = letters.total()
        told = ", ".join(f"{letters[letter]} {label}" for letter, label in LABELS.items())
        print(f"{poet}: {told}, of {total} ({(letters['K'] + letters['W']) / total:.0%} kept)")


def main() -> int:
    return run(__doc__, "+", sheet, _print_count)


if __name__ == "__main__":
    raise SystemExit(main())
