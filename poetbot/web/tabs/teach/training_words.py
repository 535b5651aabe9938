"""The words of the teaching itself, apart because they are many; `Words.job` holds them."""

from dataclasses import dataclass, fields

from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class JobWords:
    """The words of a training run on the page. Parts in braces are filled in where they are used."""

    tongue: Tongue

    # What a person may set
    teach_heading: str
    begin_as: str
    from_scratch: str
    new_name: str
    usual_name: str
    minutes: str
    recipe: str
    recipe_hint: str
    recipe_fits: str
    share: str
    share_hint: str
    job_rng: str
    job_rng_hint: str
    teach: str

    # What the time buys
    nothing_brought: str
    estimate: str
    estimate_measuring: str
    enough_sooner: str
    estimate_unknown: str
    over_once: str
    over_times: str
    over_part: str
    too_little: str
    too_strange: str
    few_poems: str

    # Where a run stands
    begun_as: str
    begun_from_nothing: str
    poems_of: str
    poems_held: str
    state_waiting: str
    state_waiting_next: str
    state_preparing: str
    state_reading: str
    state_loading: str
    state_splitting: str
    state_trying: str
    state_indexing: str
    state_building: str
    state_speed: str
    state_training: str
    state_measuring: str
    so_far: str
    state_stopping: str
    state_stopped: str
    state_kept: str
    disk_full: str
    epoch_of: str
    epoch: str
    best_at: str
    left: str
    speed: str
    speed_words: str
    memory: str
    seconds: str
    minute: str
    minutes_left: str
    hours_left: str
    megabytes: str
    no_figure: str

    # What can be done with it
    pause: str
    resume: str
    finish: str
    keep: str
    discard: str
    discard_sure: str
    discard_yes: str
    discard_no: str
    write_with: str
    clear: str
    others: str
    other_waiting: str
    other_running: str
    other_stopped: str
    other_finished: str
    other_failed: str

    # What it learns
    poems: str
    one_poem: str
    against: str
    against_chance: str
    against_so_far: str
    against_worse: str
    against_none: str
    bits: str
    nats: str
    curve_heading: str
    curve_job_label: str
    curve_passes: str
    curve_bits: str
    curve_nats: str
    curve_steps: str
    curve_training: str
    curve_held_out: str
    curve_start: str
    curve_wait: str
    curve_job_note: str
    numbers: str
    number_epoch: str
    number_training: str
    number_held_out: str
    number_best: str
    number_start: str
    samples_heading: str
    samples_wait: str
    sample_start: str
    sample_now: str

    # Before and after
    both_heading: str
    both_seed: str
    both_again: str
    both_before: str
    both_first: str
    both_after: str
    both_none: str
    poet_gone: str
    job_broken: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The teaching has no words for {field.name}.")


ENGLISH_JOB = JobWords(
    tongue=IN_ENGLISH,
    teach_heading="Teach",
    begin_as="Begin as",
    from_scratch="from nothing",
    new_name="Name of the new poet",
    usual_name="My poet",
    minutes="Minutes",
    recipe="Recipe",
    recipe_hint="Only for a poet from nothing: how its network is built and trained.",
    recipe_fits="one that fits",
    share="Share held out",
    share_hint="Poems it never reads, to measure how well it learns.",
    job_rng="Number of the run (rng)",
    job_rng_hint="The same number holds out the same poems.",
    teach="Teach",
    nothing_brought="Bring some poems first.",
    estimate="About {time} on this computer, in which it reads your {poems} ({characters} characters) {times}.",
    estimate_measuring="Measuring how fast this computer is …",
    enough_sooner="It needs no more time than that: a poet that reads poems more often knows them by heart.",
    estimate_unknown="How far {time} go on this computer will be known once it has begun.",
    over_once="about once",
    over_times="about {n} times over",
    over_part="in part, about {n} % of them",
    too_little="That is little: give it more minutes.",
    too_strange="{share} % of their characters are new to {parent}: from nothing it would learn them sooner.",
    few_poems="So few poems teach it a tone at most: it needs some twenty to follow you.",
    begun_as="begun as {parent}",
    begun_from_nothing="begun from nothing",
    poems_of="learns from {n} poems",
    poems_held="{n} held out",
    state_waiting="Waiting: {n} others are trained first.",
    state_waiting_next="Waiting: another poet is trained first.",
    state_preparing="Getting ready.",
    state_reading="Reading the poems.",
    state_loading="Loading TensorFlow.",
    state_splitting="Looking for near-duplicates.",
    state_trying="Measuring the poet it begins as.",
    state_indexing="Indexing the poems.",
    state_building="Building the network.",
    state_speed="Learning, and measuring how fast this computer is.",
    state_training="Learning.",
    state_measuring="Measuring what it has learned.",
    so_far="{time} so far.",
    state_stopping="Finishing its step and saving.",
    state_stopped="Paused. Everything is saved; it goes on where it was.",
    state_kept="Done: {name} is among your poets.",
    disk_full="The disk is full, so nothing can be saved: make room. What was saved before is kept.",
    epoch_of="{n} of {all}",
    epoch="times read",
    best_at="the reading after which it was best",
    left="left",
    speed="characters a second",
    speed_words="words a second",
    memory="of memory",
    seconds="{n} seconds",
    minute="1 minute",
    minutes_left="{n} minutes",
    hours_left="{h} h {m} min",
    megabytes="{n} MB",
    no_figure="–",
    pause="Pause",
    resume="Go on",
    finish="Stop and keep the best",
    keep="Keep the best so far",
    discard="Discard",
    discard_sure="Throw away this run and what it has learned?",
    discard_yes="Yes, discard it",
    discard_no="No",
    write_with="Write with it",
    clear="Close",
    others="Other runs",
    other_waiting="{name}, waiting",
    other_running="{name}, learning",
    other_stopped="{name}, paused",
    other_finished="{name}, done",
    other_failed="{name}, broken off",
    poems="{n} poems",
    one_poem="one poem",
    against="Measured on {poems} that it never reads: {best}, {share} % better than {parent}, where it began ({start}).",
    against_chance="Measured on {poems} that it never reads: {best}. It began at {start}, which is chance.",
    against_so_far="Before it learns, {parent} needs {start} on {poems} that it will never read.",
    against_worse="Measured on {poems} that it never reads: {best}, so far no better than {parent}, where it began ({start}).",
    against_none="No poems are held out, so nobody can say how well it learns.",
    bits="{n} bits a character",
    nats="{n} nats a word",
    curve_heading="How it learns",
    curve_job_label="Loss while it learns and on the poems held out; the table below has the numbers.",
    curve_passes="times it has read the poems",
    curve_bits="bits a character",
    curve_nats="nats a word",
    curve_steps="as it reads",
    curve_training="mean of each reading",
    curve_held_out="on poems held out",
    curve_start="where it began",
    curve_wait="The curve begins after the first steps.",
    curve_job_note="Lower is better. While it learns, parts of the network are left out by chance, so its own line may lie above the other.",
    numbers="The numbers",
    number_epoch="Reading",
    number_training="As it reads",
    number_held_out="Held out",
    number_best="best",
    number_start="begin",
    samples_heading="What it writes",
    samples_wait="It has not written anything yet.",
    sample_start="before",
    sample_now="now",
    both_heading="The same first words, before and after",
    both_seed="First words",
    both_again="Write both again",
    both_before="{name}, before",
    both_first="{name}, after its first reading",
    both_after="{name}, now",
    both_none="Nothing from before is left to compare with.",
    poet_gone="This poet is no longer among yours: look at the page Shelf.",
    job_broken="Something went wrong with this, and the terminal says what. Try again.",
)
