"""The types of the overlap report, which is also its JSON. docs/overlap.md explains every key."""

from typing import TypedDict


class Source(TypedDict):
    """An occurrence of a phrase in a training poem. `line` is 1-based; `of` is "poet" or "parent"."""

    poem: int
    author: str | None
    title: str | None
    line: int
    of: str


class Occurrences(TypedDict):
    """How often a phrase occurs, in how many poems, and where (at most twenty places)."""

    count: int
    poems: int
    sources: list[Source]


class Match(Occurrences):
    """A copied phrase: `text[start:end]`, in code points."""

    words: int
    start: int
    end: int


class Longest(Match):
    """The longest copied phrase; 0 words if nothing is shared."""

    text: str


class Span(Match):
    """A maximal copied phrase of four words or more, with its rarity in bits."""

    distinctive: bool
    bits: float


class CopiedLine(Match):
    """A line of the text (1-based) that is a whole line of a training poem; `first` is where it occurs first."""

    line: int
    first: int


class Fourgrams(TypedDict):
    """Four-word phrases of the written words."""

    total: int
    unique: int
    matched_unique: int
    share_novel: float | None


class Summary(TypedDict):
    """The numbers of different spans, distinctive spans and copied lines."""

    spans: int
    distinctive: int
    lines: int


class ComparedWith(TypedDict):
    """What the text was compared with, and from where on a phrase says something."""

    what: str
    poems: int
    parents_poems: int
    words: int
    human_poems: int
    distinctive_from_bits: float
    limit_from_human_poems: bool
    marked_from_words: int


class Percentile(TypedDict):
    """The shares of human passages with a lower and a higher figure, and the quantiles of theirs."""

    lower: float
    higher: float
    quantiles: dict[str, float]


class Percentiles(TypedDict):
    """How the figures compare with those of human passages of as many words."""

    words: int
    passages: int
    joined: bool
    longest: Percentile
    longest_written: Percentile
    share_novel: Percentile | None
    novelty: dict[str, Percentile | None]
    coverage: dict[str, Percentile | None]


class SharedFourgrams(TypedDict):
    """Four-word phrases of several poems; `repeated` is the number of those that another poem has too."""

    total: int
    repeated: int
    share: float | None


class Place(TypedDict):
    """A place in one of several poems, counted from 0: characters `start` to `end`."""

    poem: int
    start: int
    end: int


class SharedPhrase(TypedDict):
    """The longest phrase that two poems share, and every place that has it; 0 words if there is none."""

    words: int
    text: str
    places: list[Place]


class Repetition(TypedDict):
    """What several poems share with each other; `by_poem` is the share of repeated four-word phrases in each."""

    poems: int
    fourgrams: SharedFourgrams
    by_poem: list[float | None]
    longest: SharedPhrase


class Shares(TypedDict):
    """How much of a text is new, and how much is in copied phrases."""

    fourgrams: Fourgrams
    novelty: dict[str, float | None]
    coverage: dict[str, float | None]


class Report(Shares):
    """The overlap report of a text."""

    words: int
    seed_words: int  # all that were typed, not only those of the seed
    longest: Longest
    longest_written: Longest  # without a word that was typed
    spans: list[Span]
    lines: list[CopiedLine]
    summary: Summary
    compared_with: ComparedWith
    percentiles: Percentiles | None
