"""The words for kept poems; apart because they are many. `Words.kept` holds them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class KeptWords:
    """The words of the list of kept poems and of what can be done with one. Parts in braces are filled in where used."""

    kept: str
    kept_here: str
    none_yet: str
    none_found: str
    search: str
    starred_only: str
    all_poems: str
    more_poems: str
    new: str

    title: str
    star: str
    star_line: str
    starred_lines: str
    collections: str
    collections_hint: str
    delete: str
    deleted: str
    bring_back: str

    further: str
    save_as: str
    as_text: str
    as_markdown: str
    as_page: str
    as_json: str
    as_card: str
    files: str
    all_as: str
    bring: str
    brought: str
    brought_one: str

    not_here: str
    full: str
    went_on: str
    broken: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The interface has no words for {field.name}.")


ENGLISH_KEPT = KeptWords(
    kept="Kept poems",
    kept_here="Your poems are kept in this browser and nowhere else.",
    none_yet="Your poems will be listed here.",
    none_found="No poem has these words.",
    search="Search",
    starred_only="With a star",
    all_poems="All poems",
    more_poems="There are more: search for a word of theirs.",
    new="New page",
    title="Title",
    star="Star",
    star_line="Star this line",
    starred_lines="Lines with a star",
    collections="Collections",
    collections_hint="names, parted by commas",
    delete="Delete",
    deleted="“{name}” was deleted.",
    bring_back="Bring it back",
    further="More",
    save_as="Save as",
    as_text="text",
    as_markdown="Markdown",
    as_page="a page for print",
    as_json="JSON",
    as_card="a picture",
    files="Files",
    all_as="All of these as",
    bring="Bring poems from a file (JSON or text)",
    brought="{n} poems were brought.",
    brought_one="One poem was brought.",
    not_here="Poems are kept by the browser here: load the page anew.",
    full="This browser's storage is full, so the poem is not kept: export some poems, delete them, and go on.",
    went_on="This poem was changed in another window. What you write here goes on as a poem of its own.",
    broken="Something went wrong with the kept poems, and the terminal says what. Try again.",
)
