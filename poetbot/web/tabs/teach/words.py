"""The words of the Teach tab's first two sections: bringing writing, and seeing what was taken of it."""

from dataclasses import dataclass, fields

from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class TeachWords:
    """The words of the sections. Parts in braces are filled in where they are used."""

    tongue: Tongue

    teach_tab: str
    bring: str
    stays_here: str
    stays_there: str  # instead of it, where the app is served to others
    drop: str
    kinds: str
    paste: str
    paste_hint: str
    take_text: str
    pasted: str
    ready_made: str
    take_ready_made: str
    brought_before: str

    see: str
    nothing_yet: str
    nothing_given: str
    too_much_pasted: str
    no_upload: str
    bring_broken: str
    reading: str
    opening: str
    looking: str
    comparing: str
    writing_down: str
    stop_reading: str
    reading_stopped: str
    counting: str

    poems_taken: str
    one_poem_taken: str
    no_poems_taken: str
    lines_and_characters: str
    left_out_as: str
    as_prose: str
    as_contents: str
    as_other: str
    as_said: str
    repeats_kept_once: str
    one_repeat_kept_once: str
    little: str
    one_poem_only: str
    is_collection: str
    take_all: str

    how_read: str
    read_filter: str
    read_filter_hint: str
    read_poems: str
    read_poems_hint: str
    read_sections: str
    read_sections_hint: str
    whose: str
    mine: str
    permission: str
    public: str
    licence_known: str
    called: str
    rename: str
    delete: str
    delete_sure: str
    delete_yes: str
    delete_no: str
    deleted: str

    field_text: str
    field_title: str
    field_author: str
    no_field: str
    choose_fields: str
    which_field: str
    encoding: str
    encoding_of: str
    encoding_guessed: str
    encoding_chosen: str
    encoding_option: str
    choose_encoding: str
    tags: str
    tags_hint: str
    choose_tags: str

    parts: str
    show_all: str
    show_taken: str
    show_left: str
    no_such_parts: str
    label_poem: str
    label_prose: str
    label_contents: str
    label_other: str
    label_section: str
    label_left: str
    because: str
    twin: str
    will_be_counted: str
    one_line: str
    some_lines: str
    record_place: str
    leave_out: str
    take_in: str
    keep_too: str
    which_part: str
    more_text: str
    text_goes_on: str
    edit: str
    edited: str
    edit_title: str
    edit_author: str
    edit_text: str
    edit_goes_on: str
    edit_save: str
    edit_cancel: str
    edit_restore: str
    edit_saved: str
    edit_saved_left: str
    edit_restored: str
    said_taken: str
    said_left: str
    page_of: str
    earlier: str
    later: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The interface has no words for {field.name}.")


ENGLISH_TEACH = TeachWords(
    tongue=IN_ENGLISH,
    teach_tab="Teach",
    bring="Bring your poems",
    stays_here="What you bring stays on this computer: PoetBot sends nothing anywhere.",
    stays_there="What you bring goes to the computer that serves this page and no further. No other visitor can see it; "
    "whoever runs that computer can.",
    drop="Drop your files",
    kinds="text, Markdown, Word (.docx), OpenDocument (.odt), EPUB (.epub), PDF (.pdf), web pages (.html), tables (.csv, .json, .jsonl, .ndjson), WordPress exports (.xml)",
    paste="Or paste your writing",
    paste_hint="Poems, with an empty line between stanzas",
    take_text="Take this text",
    pasted="Pasted text",
    ready_made="Or take poems that are here",
    take_ready_made="Take these poems",
    brought_before="Brought before",
    see="What was taken as poems",
    nothing_yet="What you bring will stand here, part by part: what was taken as a poem, what was not, and why.",
    nothing_given="There is nothing to read yet: paste some writing, or drop a file.",
    too_much_pasted="A pasted text may have up to 5 million characters: bring this one as a file.",
    no_upload="The files did not arrive: try once more.",
    bring_broken="Something went wrong while reading, and the terminal says what. Try again.",
    reading="Reading",
    opening="Opening the files",
    looking="Looking for poems",
    comparing="Looking for poems that repeat one another",
    writing_down="Writing down what was found",
    stop_reading="Stop",
    reading_stopped="Reading was stopped: open it again below “Brought before” to go on.",
    counting="Counting again",
    poems_taken="{n} poems are taken",
    one_poem_taken="One poem is taken",
    no_poems_taken="No poem was found here: take parts in below, or say that everything is poems.",
    lines_and_characters="{lines} lines, {characters} characters",
    left_out_as="Left out: {reasons}.",
    as_prose="lines of prose: {n}",
    as_contents="lines of lists: {n}",
    as_other="lines of titles, notes and the like: {n}",
    as_said="lines that you left out: {n}",
    repeats_kept_once="{n} poems are nearly the same as others here, which are kept.",
    one_repeat_kept_once="One poem is nearly the same as another one here, which is kept.",
    little="This is little: from about 20,000 characters on, a poet begins to sound like its poems.",
    one_poem_only="With one poem there is nothing to measure what was learned by: bring a few more.",
    is_collection="This looks like a collection of your own. Prose poems and list poems in it may have been left out as prose or lists.",
    take_all="Everything I brought is poems",
    how_read="How to read it",
    read_filter="Look for poems",
    read_filter_hint="Prose, lists, titles and notes are left out.",
    read_poems="Everything I brought is poems",
    read_poems_hint="Prose poems and lists too; titles, numbers and rules part them.",
    read_sections="This is prose, keep sections",
    read_sections_hint="Each section is kept whole, as a poem would be.",
    whose="Whose poems are these?",
    mine="They are mine",
    permission="I have permission",
    public="Public domain",
    licence_known="Licence of these poems: {licence}.",
    called="Name",
    rename="Rename",
    delete="Delete",
    delete_sure="Delete “{name}” from this computer?",
    delete_yes="Yes, delete it",
    delete_no="Keep it",
    deleted="It was deleted.",
    field_text="Poems are in",
    field_title="Titles are in",
    field_author="Authors are in",
    no_field="(no field)",
    choose_fields="Read these fields",
    which_field="{sentence} Choose below the field that holds the poems.",
    encoding="Encoding",
    encoding_of="Encoding of {name}",
    encoding_guessed="{name} is not UTF-8 and was read as {encoding}. If this line looks wrong, choose another encoding:",
    encoding_chosen="{name} is read as {encoding}, as you chose:",
    encoding_option="{encoding}: {line}",
    choose_encoding="Read it in this encoding",
    tags="Posts filed under",
    tags_hint="With one or more of these, each of their posts is a poem; with none, poems are looked for in all posts.",
    choose_tags="Read these posts",
    parts="What was brought, part by part",
    show_all="All ({n})",
    show_taken="Taken ({n})",
    show_left="Left out ({n})",
    no_such_parts="There is none.",
    label_poem="Poem",
    label_prose="Prose",
    label_contents="Contents",
    label_other="Other",
    label_section="Section",
    label_left="Left out",
    because="because {reason}",
    twin="{reason}: “{name}”",
    will_be_counted="counted in a moment",
    one_line="line {n}",
    some_lines="lines {start} to {end}",
    record_place="number {n}",
    leave_out="Leave out",
    take_in="Take as a poem",
    keep_too="Keep it too",
    which_part="{act}: {where}, {text}",
    more_text="Show all of it",
    text_goes_on="… and on",
    edit="Edit",
    edited="edited",
    edit_title="Title",
    edit_author="Author",
    edit_text="Text",
    edit_goes_on="This part continues “{name}”. Give it a title of its own to make it a new poem.",
    edit_save="Save",
    edit_cancel="Cancel",
    edit_restore="Restore original",
    edit_saved="Saved.",
    edit_saved_left="Saved; this part is still left out.",
    edit_restored="The original is back.",
    said_taken="Taken.",
    said_left="Left out.",
    page_of="{start} to {end} of {n}",
    earlier="Earlier parts",
    later="Later parts",
)
