"""The words of the tab for any text, apart because they are many; `Words.overlap` holds them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class OverlapWords:
    """The words of the Overlap tab and of its page to keep. Parts in braces are filled in where they are used."""

    # The tab for any text
    overlap_tab: str
    your_text: str
    your_text_hint: str
    your_text_file: str
    given_words: str
    given_words_hint: str
    check_given: str
    open_file: str
    take_poem: str
    check: str
    no_poem_yet: str
    no_text_yet: str
    no_upload: str
    not_read: str
    cannot_check: str
    not_its_beginning: str
    check_broken: str

    # While it is checked
    finding_words: str
    finding_runs: str
    finding_spans: str
    finding_lines: str
    making_report: str
    check_stopped: str

    # What was found
    report_blank: str
    report_title: str
    report_of: str
    human_passages: str
    as_json: str
    as_page: str
    legend_rare: str
    legend_common: str
    legend_given: str
    text_label: str
    text_cut: str
    text_cut_runs: str
    show_sources: str
    sources: str
    sources_hint: str
    nothing_marked: str
    close: str
    run_rare: str
    run_common: str
    run_places: str
    n_places: str
    one_place: str
    source_line: str
    longer_runs: str

    # Its figures
    figures: str
    figure: str
    this_text: str
    beside_people: str
    words_compared: str
    words_given: str
    compared_with: str
    of_the_parent: str
    people_passages: str
    people_unknown: str
    longest_figure: str
    n_words: str
    one_word: str
    novel_figure: str
    coverage_figure: str
    spans_figure: str
    spans_rare: str
    lines_figure: str
    line_quoted: str
    people_longer: str
    people_newer: str
    people_more: str
    rare_note: str
    nothing_counted: str
    percent: str

    # Its curve
    curve: str
    curve_note: str
    curve_label: str
    curve_words: str
    curve_people: str
    curve_middle: str
    run_of: str
    human_middle: str
    human_most: str

    # Its runs, and its poems among themselves
    all_runs: str
    your_line: str
    kind_rare: str
    kind_common: str
    among: str
    among_none: str
    among_share: str
    among_longest: str
    among_poem: str
    among_first: str
    among_shared: str
    made_with: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The Overlap tab has no words for {field.name}.")


ENGLISH_OVERLAP = OverlapWords(
    overlap_tab="Overlap",
    your_text="Your text",
    your_text_hint="Paste a poem here, or several parted by lines with a single %",
    your_text_file="{name} is checked. Paste here to check something else.",
    given_words="First words given by you",
    given_words_hint="They are left out of the figures.",
    check_given="Check my first words too",
    open_file="Open a file",
    take_poem="Take the poem on the page",
    check="Check",
    no_poem_yet="There is no poem yet: write one on the page Write, or paste a text here.",
    no_text_yet="There is nothing to check yet: paste a text, or open a .txt or .md file.",
    no_upload="The file did not arrive: open it again.",
    not_read="Only text (.txt), Markdown (.md), Word (.docx), OpenDocument (.odt), EPUB (.epub) and PDF (.pdf) are read: save the text as one of these.",
    cannot_check="What {poet} has read is not known: its folder has no overlap index, or a damaged one. Train it to its end, or copy it again.",
    not_its_beginning="The text does not begin with these first words, so all of it was checked.",
    check_broken="Something went wrong while checking, and the terminal says what. Try again.",
    finding_words="Finding the words",
    finding_runs="Looking them up in what the poet has read",
    finding_spans="Following every shared run to its sources",
    finding_lines="Comparing whole lines",
    making_report="Making the report",
    check_stopped="Stopped.",
    report_blank="What it shares with the poet’s reading will stand here.",
    report_title="What it shares with what {poet} has read",
    report_of="{name}, beside what {poet} has read",
    human_passages="passages of human poems",
    as_json="Download as JSON",
    as_page="Download as a web page",
    legend_rare="distinctive: rare enough to deserve a look",
    legend_common="commonplace: words that many people share",
    legend_given="given by you",
    text_label="The text, shared words marked",
    text_cut="Only the first {n} characters are shown here; the figures are of the whole text.",
    text_cut_runs="The longest {n} of {all} different runs.",
    show_sources="“{text}”, shared words: Enter leads to the sources",
    sources="Sources",
    sources_hint="Choose marked words, with the keyboard or a click, to see where they stand.",
    nothing_marked="No four words in a row are shared, so nothing is marked.",
    close="Close",
    run_rare="{n} words, distinctive",
    run_common="{n} words, commonplace",
    run_places="{places} in {poems}",
    n_places="{n} places",
    one_place="1 place",
    source_line="line {n}",
    longer_runs="and {n} more runs here, in the table below",
    figures="In figures",
    figure="Figure",
    this_text="This text",
    beside_people="Beside human poems that it never read",
    words_compared="Words",
    words_given="{n}, {given} of them yours",
    compared_with="Compared with the {words} words of {poems} poems that this poet has read, and with nothing else.",
    of_the_parent="{n} of the poems were read by the poet it learned from.",
    people_passages="Beside it stand {n} {people} of {words} words each.",
    people_unknown="There are too few human poems of this length to compare with.",
    longest_figure="Longest shared run",
    n_words="{n} words",
    one_word="1 word",
    novel_figure="New runs of four words",
    coverage_figure="Words inside a shared run of {n} or more",
    spans_figure="Different shared runs of four or more",
    spans_rare="{n}, {rare} of them distinctive",
    lines_figure="Whole lines of a poem it read",
    line_quoted="“{text}” (line {n})",
    people_longer="{share} have a longer one; the middle one has {middle}.",
    people_newer="{share} are newer; the middle one has {middle}.",
    people_more="{share} have more; the middle one has {middle}.",
    rare_note="Of the runs that people share with this reading, 5 in 100 are distinctive.",
    nothing_counted="too short to say",
    percent="{n} %",
    curve="Verbatim novelty",
    curve_note="The share of runs of 1 to 10 words that stand nowhere in what this poet has read. One word is nearly never new and ten nearly always are; what tells is how fast the curve climbs.",
    curve_label="Verbatim novelty of this text and of human poems for runs of 1 to 10 words; the table beside it has the numbers.",
    curve_words="words in a row",
    curve_people="90 of 100 human poems",
    curve_middle="the middle one of them",
    run_of="Words in a row",
    human_middle="Human, middle",
    human_most="Human, 90 of 100",
    all_runs="The shared runs, the longest first",
    your_line="Line",
    kind_rare="distinctive",
    kind_common="commonplace",
    among="The {n} poems among themselves",
    among_none="No four words in a row stand in more than one of them.",
    among_share="{share} of their runs of four words stand in another of these poems too. This is the poet’s own repetition and has nothing to do with what it has read.",
    among_longest="The longest run that two of them share: {n} words, “{text}”, in poems {poems}.",
    among_poem="Poem",
    among_first="Begins",
    among_shared="Shared with the others",
    made_with="Made with PoetBot. Verbatim novelty says what is new to this poet, not how good a poem is.",
)
