"""Every word of the Study tab's part Sound."""

from dataclasses import dataclass

from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class SoundWords:
    """The words of this part. Braces as in StudyWords."""

    tongue: Tongue

    one_poem: str
    which_poem: str
    own_text: str
    own_text_hint: str
    listen: str
    no_poem_yet: str
    poem_too_long: str
    scheme: str
    no_scheme: str
    rhyme_column: str
    syllables_column: str
    characters_column: str
    line_column: str
    lines_cut: str
    heard_rhyme: str
    heard_alliteration: str
    heard_anaphora: str
    heard_doubled: str
    heard_refrain: str
    heard_nothing: str
    heard_where: str
    heard_what: str
    whole_poet: str
    compare_with: str
    its_own_corpus: str
    compare: str
    listening_to: str
    share_rhyming: str
    share_perfectly_rhyming: str
    share_alliterating: str
    share_anaphora: str
    share_doubled: str
    share_refrain: str
    share_of: str
    shares_label: str
    people: str
    chance: str
    peoples_chance: str
    heard_in: str
    most_syllables: str
    most_stanzas: str
    most_schemes: str
    shares_note: str
    no_corpus_kept: str
    kept_shares: str
    choose_poet: str
    metre: str
    metre_feet: str
    no_metre: str
    iambic: str
    trochaic: str
    anapaestic: str
    dactylic: str


ENGLISH_SOUND = SoundWords(
    tongue=IN_ENGLISH,
    one_poem="One poem",
    which_poem="Poem",
    own_text="another text",
    own_text_hint="Paste a poem, in English or Chinese",
    listen="Listen",
    no_poem_yet="Paste a poem first, or write one on the Write tab.",
    poem_too_long="The poem has more than {n} characters, too many for this page: take it in parts, or use `python -m poetbot study` in a terminal.",
    scheme="Rhyme scheme: {scheme}",
    no_scheme="No two lines rhyme.",
    rhyme_column="Rhyme",
    syllables_column="Syllables",
    characters_column="Characters",
    line_column="Line",
    lines_cut="Here are the first {n} of {total} lines.",
    heard_rhyme="Rhyme; the letter says with which lines",
    heard_alliteration="Alliteration",
    heard_anaphora="Lines that begin alike",
    heard_doubled="A word twice",
    heard_refrain="A line that comes again",
    heard_nothing="Nothing of the kind is heard in this poem.",
    heard_where="Lines",
    heard_what="What is heard",
    whole_poet="The whole poet",
    compare_with="Beside people’s poems",
    its_own_corpus="those it has read",
    compare="Compare",
    listening_to="Listening to {whose}",
    share_rhyming="Lines that rhyme",
    share_perfectly_rhyming="Lines that rhyme perfectly",
    share_alliterating="Stressed words that alliterate",
    share_anaphora="Lines that begin like a neighbour",
    share_doubled="Lines with a word twice",
    share_refrain="Lines that come again",
    share_of="Share of",
    shares_label="{poet} {share}, people {people}, chance {chance}",
    people="People",
    chance="Chance",
    peoples_chance="People’s, by chance",
    heard_in="{who}: {poems} poems, {lines} lines",
    most_syllables="{figures} syllables a line",
    most_stanzas="{figures} lines a stanza",
    most_schemes="stanzas {schemes}",
    shares_note="Chance is measured: the same lines, or words, dealt out anew.",
    no_corpus_kept="The poems this poet has read are not kept with it: choose other people’s poems.",
    kept_shares="Kept with the poet from {when}.",
    choose_poet="There is no poet to study here yet: teach one on the Teach tab.",
    metre="Metre: {foot}, {feet}, in {n} of {total} lines.",
    metre_feet="{feet} feet",
    no_metre="Metre: none that most lines have in common.",
    iambic="iambic",
    trochaic="trochaic",
    anapaestic="anapaestic",
    dactylic="dactylic",
)
