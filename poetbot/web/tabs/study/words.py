"""Every word of the Study tab."""

from dataclasses import dataclass

from poetbot.web.tabs.study.sound_words import ENGLISH_SOUND, SoundWords


@dataclass(frozen=True)
class StudyWords(SoundWords):
    """The words of the Study tab, those of its part Sound among them. Parts in braces are filled in where they are used."""

    study_tab: str
    study_parts: str
    part_words: str
    part_sound: str
    part_curves: str
    part_growth: str
    part_surprise: str
    study_poet: str
    study_working: str
    study_stopped: str
    study_broken: str
    study_stop: str
    keep_png: str
    keep_csv: str
    figures_fold: str
    no_such_choice: str
    out_of: str

    # Words
    words_by: str
    by_count: str
    by_key: str
    common_words: str
    common_auto: str
    common_none: str
    languages: str
    chinese_by: str
    by_character: str
    by_word: str
    let_it_write: str
    wrote_now: str
    writing_poems: str
    it_read: str
    it_wrote: str
    it_wrote_session: str
    says_more: str
    says_less: str
    nothing_read: str
    nothing_wrote: str
    no_word_counts: str
    no_text_by_word: str
    cloud_alternative: str
    count_note: str
    key_note: str
    left_out: str
    nothing_left_out: str
    word: str
    count: str
    per_thousand: str
    keyness: str
    wrote_column: str
    read_column: str

    # Curves
    curves_of: str
    curve_figure: str
    both_losses: str
    held_out_loss: str
    training_loss: str
    accuracy: str
    learning_rate: str
    curves_by: str
    by_epoch: str
    by_minutes: str
    layers_compared: str
    layers_one: str
    layers_more: str
    layers_dropout: str
    layers_note: str
    curves_label: str
    curves_hint: str
    no_histories_of: str
    choose_one: str
    too_many: str
    loss_axis: str
    epoch_column: str
    minutes_column: str
    poet_column: str
    training_column: str
    held_out_column: str
    training_accuracy_column: str
    held_out_accuracy_column: str
    rate_column: str
    point_head: str
    sample: str
    no_sample: str
    table_cut: str

    # Growth
    first_words: str
    first_words_hint: str
    temperature: str
    rng: str
    lines: str
    grow: str
    growing: str
    through_epochs: str
    through_temperatures: str
    no_epochs: str
    after_epoch: str
    now: str
    at_temperature: str
    growth_note: str
    empty_poem: str
    bad_number: str

    # Surprise
    look: str
    looking: str
    perplexity_said: str
    of_characters: str
    of_words: str
    surprise_label: str
    surprise_hint: str
    perplexity: str
    shade_note: str
    least_expected: str
    probability: str
    unit_figures: str
    unit_unknown: str
    unit_best: str
    line_end: str
    space: str
    poem_end: str
    surprise_cut: str


ENGLISH_STUDY = StudyWords(
    study_tab="Study",
    study_parts="What to study",
    part_words="Words",
    part_sound="Sound",
    part_curves="Curves",
    part_growth="Growth",
    part_surprise="Surprise",
    study_poet="Poet",
    study_working="Working…",
    study_stopped="Stopped.",
    study_broken="Something went wrong here, and the terminal says what. Try again.",
    study_stop="Stop",
    keep_png="Keep as picture",
    keep_csv="Keep as table",
    figures_fold="The same as a table",
    no_such_choice="There is no such choice: open the tab again.",
    out_of="{n} of {total}",
    words_by="Words",
    by_count="by how often",
    by_key="more or less than it read",
    common_words="Common words",
    common_auto="left out",
    common_none="shown",
    languages="English, Chinese, French, German, Spanish, Italian, Portuguese, Dutch, Russian, Ukrainian, Polish, Swedish, Danish, Finnish",
    chinese_by="Chinese",
    by_character="by character",
    by_word="by word",
    let_it_write="Let it write {n} poems",
    wrote_now="It wrote {n} poems for this, at temperature {temperature}.",
    writing_poems="Writing: {n} of {total} poems",
    it_read="What it read",
    it_wrote="What it wrote: {n} poems",
    it_wrote_session="What it wrote: {n} of this session",
    says_more="It says more often than it read",
    says_less="It says less often than it read",
    nothing_read="This poet’s folder does not say which words it has read.",
    nothing_wrote="It has written nothing in this session yet. Let it write some poems, or write one on the Write tab.",
    no_word_counts="No word is left when common words are left out: show them, or choose other poems.",
    no_text_by_word="Counting by word needs the text of what the poet read, and this poet’s folder does not hold it: count by character.",
    cloud_alternative="Word cloud; the table below it has the same numbers.",
    count_note="A word has the same size in both clouds where it has the same share. Colours mean nothing.",
    key_note="The larger, the surer (log-likelihood, G²). Chance gives {sure} or more to one word in a thousand.",
    left_out="Common words of {language} are left out.",
    nothing_left_out="Common words are shown.",
    word="Word",
    count="Count",
    per_thousand="In 1,000",
    keyness="Keyness",
    wrote_column="Wrote",
    read_column="Read",
    **vars(ENGLISH_SOUND),
    curves_of="Curves of",
    curve_figure="Figure",
    both_losses="both losses",
    held_out_loss="loss on poems held out",
    training_loss="loss in training",
    accuracy="accuracy",
    learning_rate="learning rate",
    curves_by="Along",
    by_epoch="epochs",
    by_minutes="minutes",
    layers_compared="One, two and three layers",
    layers_one="1 layer",
    layers_more="{n} layers",
    layers_dropout="{layers}, dropout {dropout}",
    layers_note="The same poems ({characters} characters) and {minutes} minutes of training planned for each network of {units} units a layer.",
    curves_label="Curves of training. The table below has the same numbers.",
    curves_hint="Point at the curves, or press the arrow keys: the figures of an epoch and what the poet wrote then stand here.",
    no_histories_of="None of these poets has a figure for this: {figure}.",
    choose_one="Choose at least one poet.",
    too_many="Choose at most {n}.",
    loss_axis="loss, nats",
    epoch_column="Epoch",
    minutes_column="Minutes",
    poet_column="Poet",
    training_column="Training",
    held_out_column="Held out",
    training_accuracy_column="Training accuracy",
    held_out_accuracy_column="Held-out accuracy",
    rate_column="Learning rate",
    point_head="{poet}, epoch {n}",
    sample="Written then",
    no_sample="No poem was kept of this epoch.",
    table_cut="Here are the first {n} of {total} rows; the table to keep has all of them.",
    first_words="First words",
    first_words_hint="or leave it to the poet",
    temperature="Temperature through epochs",
    rng="Number (rng)",
    lines="Lines",
    grow="Write",
    growing="Writing",
    through_epochs="Through its training",
    through_temperatures="Through temperature",
    no_epochs="{poet} has kept no weights of earlier epochs, so only temperature can be shown.",
    after_epoch="After epoch {n}",
    now="Now",
    at_temperature="Temperature {t}",
    growth_note="The same first words and the same random number each time: what differs is the poet’s training, or the temperature.",
    empty_poem="(nothing)",
    bad_number="Give numbers: lines 1 to {lines}, temperature 0 to 2, and a whole number for rng.",
    look="Look",
    looking="Reading",
    perplexity_said="To {poet} this poem is as open as {n} equal choices a {unit} (perplexity).",
    of_characters="character",
    of_words="word or mark",
    surprise_label="The poem, shaded by surprise. Arrow keys move through it.",
    surprise_hint="Point at the poem, or press the arrow keys: what the poet expected stands here.",
    perplexity="Perplexity",
    shade_note="The darker, the less expected; a line under it: less than one in a hundred.",
    least_expected="Least expected",
    probability="Probability",
    unit_figures="probability {share}, rank {rank}",
    unit_unknown="unknown to this poet",
    unit_best="It expected",
    line_end="line end",
    space="space",
    poem_end="the poem’s end",
    surprise_cut="The first {n} of {total} are shaded; the figures are of the whole poem.",
)
