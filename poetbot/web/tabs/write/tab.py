"""The Write tab: its controls, and what happens when they are used."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import wraps
from typing import Any

import gradio as gr

from poetbot.cjk import is_mostly_cjk
from poetbot.corpus.chinese_scripts import SCRIPTS, script_of
from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
from poetbot.locale import Locale
from poetbot.overlap import marks, report
from poetbot.poets.blend import Part, blend_name, parts_of
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.web.components.island import Island
from poetbot.web.components.templates import render
from poetbot.web.new_seed import new_seed
from poetbot.web.serving.access import Kind
from poetbot.web.serving.poet_registry import PoetRegistry, is_blend, of_epoch
from poetbot.web.serving.session import Draft, FinishedPoem, Session
from poetbot.web.tabs.write import poem_page as page
from poetbot.web.tabs.write.example import EXAMPLE_REQUESTS, example_html
from poetbot.web.tabs.write.form_panel import FormFields, form_fit, form_of
from poetbot.web.tabs.write.openings import openings_for, random_opening
from poetbot.web.tabs.write.streaming import pieces
from poetbot.writing import (
    Form,
    FormRequest,
    FormWriter,
    Request,
    Theme,
    Writer,
    WrittenPoem,
    ranked_poems,
    request_of_receipt,
    write_together,
)
from poetbot.writing.chinese_script import answering_script
from poetbot.writing.theme import NO_THEME

LENGTHS = (4, 8, 12, 14, 20, 40)  # lines to choose from
DEFAULT_LENGTH = 14  # a sonnet's: it fits the page, where a poem without a given length may go on for pages
CHINESE_LENGTH = 8  # of regulated verse, which a poet of Chinese mostly reads
MOST_WHOLE_WORDS = 0.9  # temperature: above it, one word in ten or more isn't a real one (docs/quality.md)
MAX_TEMPERATURE = 1.5  # of the slider; the core accepts up to 2, but such poems are gibberish
GUARDS = (4, 6, 8, 12)  # words to choose from: no copied phrase is as long
DEFAULT_GUARD = 8  # two lines of a short song; people share no phrase of eight words by chance
MAX_WEIGHT = 3.0  # of a second or third poet, on the slider; the first one's is 1
DRAFTS = 12  # of which the best is shown, if that is switched on


@dataclass(frozen=True)
class PoemSettings:
    """What is set in the controls. None of it has been checked.

    The `second` and the `third` poet write together with the first; "" for none. With `one_each` they suggest lines alone.
    """

    poet: str | None
    seed: str
    temperature: float
    top_p: float
    lines: int | None
    rng: int | None
    new_seed: bool
    guard: int | None
    second: str = ""
    second_weight: float = 1.0
    third: str = ""
    third_weight: float = 1.0
    one_each: bool = False
    best_of_many: bool = False
    real_words: bool = False
    script: str = ""
    """The Chinese script of the poem; "" for that of the first words."""

    @property
    def poet_or_blend(self) -> str | None:
        """The poet, or its blend with the second and the third, as the registry names it. The poet's own weight is 1."""
        others = [(self.second, self.second_weight), (self.third, self.third_weight)]
        chosen = [Part(name, weight) for name, weight in others if name] if self.second else []
        return blend_name([Part(self.poet, 1.0), *chosen]) if self.poet and chosen else self.poet

    def random_seed(self, turn: int = 0) -> int:
        """Return the random seed to write with: a new one, or the one that is set, plus `turn`."""
        return new_seed() if self.new_seed or self.rng is None else self.rng + turn


@dataclass(frozen=True)
class Controls:
    """The components of the tab. Those named like a field of `PoemSettings` hold it."""

    seed: gr.Textbox
    random_opening: gr.Button
    poet: gr.Dropdown
    temperature: gr.Slider
    ends: gr.HTML
    lines: gr.Dropdown
    write: gr.Button
    guard: gr.Dropdown
    top_p: gr.Slider
    rng: gr.Number
    new_seed: gr.Checkbox
    second: gr.Dropdown
    second_weight: gr.Slider
    third: gr.Dropdown
    third_weight: gr.Slider
    one_each: gr.Checkbox
    best_of_many: gr.Checkbox
    real_words: gr.Checkbox
    script: gr.Dropdown
    script_column: gr.Column
    page: Island

    @property
    def settings(self) -> tuple[Any, ...]:
        """The components of the settings, in the order of `PoemSettings`."""
        return tuple(getattr(self, each.name) for each in fields(PoemSettings))


@dataclass(frozen=True)
class WriteRequest:
    """A poem to write, in the form of the panel and about the theme, or to continue, instead of the first words."""

    form: FormFields = field(default_factory=FormFields)
    theme: Theme = NO_THEME
    continued: str = ""


@dataclass(frozen=True)
class WrittenDraft:
    """A poem whose first words are followed by `shown` characters on the page; null if by all of it."""

    draft: int
    shown: int | None = None


def default_settings(shelf: PoetRegistry, language: Locale) -> PoemSettings:
    """Return the settings of a new page."""
    return PoemSettings(
        poet=shelf.default(language),
        seed="",
        temperature=DEFAULT_TEMPERATURE,
        top_p=1.0,
        lines=usual_length(shelf, shelf.default(language)),
        rng=0,
        new_seed=True,
        guard=DEFAULT_GUARD,
        real_words=True,
    )


def usual_length(shelf: PoetRegistry, poet: str | None) -> int:
    """Return how many lines a poem of this poet has unless another length is chosen."""
    return CHINESE_LENGTH if is_mostly_cjk(_symbols(shelf, poet)) else DEFAULT_LENGTH


def length_with(shelf: PoetRegistry, poet: str | None, lines: int, session: Session) -> int:
    """Return the length when a poet is chosen: what it usually writes, unless another was chosen before."""
    if session.has_chosen_length or lines not in (CHINESE_LENGTH, DEFAULT_LENGTH):
        return lines
    return usual_length(shelf, poet)


def _symbols(shelf: PoetRegistry, poet: str | None) -> tuple[str, ...]:
    try:
        return shelf.symbols(poet) if poet else ()
    except PoetBotError:  # it has just been deleted
        return ()


def _is_chinese(shelf: PoetRegistry, poet: str | None) -> bool:
    symbols = _symbols(shelf, poet)
    return is_mostly_cjk(symbols) and script_of("".join(symbols)) is not None


def control_updates(settings: Mapping[str, Any], language: Locale) -> tuple[Any, ...]:
    """Return what sets the controls, in the order of `PoemSettings`; those that `settings` lacks stay as they are."""
    updates: dict[str, Callable[[Any], Any]] = {
        "temperature": lambda value: gr.Slider(value=value, maximum=max(MAX_TEMPERATURE, value)),
        "lines": lambda value: gr.Dropdown(length_choices(language, value), value=value),
        "guard": lambda value: gr.Dropdown(guard_choices(language, value), value=value),
    }
    return tuple(
        updates.get(name, lambda value: value)(settings[name]) if name in settings else gr.skip()
        for name in (field.name for field in fields(PoemSettings))
    )


def settings_of_poet(name: str) -> dict[str, Any]:
    """Return the settings for a poet or a blend, as the registry names it: the reverse of `PoemSettings.poet_or_blend`."""
    try:
        parts = parts_of(name) if is_blend(name) else (Part(name, 1.0),)
    except PoetBotError:  # it comes from outside
        parts = (Part(name, 1.0),)
    found: dict[str, Any] = {"poet": parts[0].poet}
    others = [*parts[1:], *[Part("", parts[0].weight)] * 2]
    for place, part in zip(("second", "third"), others, strict=False):
        found |= {place: part.poet, f"{place}_weight": round(part.weight / parts[0].weight, 3)}
    return found


def blend_controls(
    shelf: PoetRegistry, language: Locale, settings: Mapping[str, Any]
) -> dict[str, gr.Dropdown | gr.Slider | gr.Checkbox]:
    """Return the controls of a blend by name, with the poets that can be blended with the first."""
    _ = language.gettext
    others = shelf.blendable(settings["poet"])
    second = settings["second"] if settings["second"] in others else ""
    rest = [each for each in others if each != second] if second else []
    third = settings["third"] if settings["third"] in rest else ""
    none = (language.pgettext("poet to blend with", "no one"), "")

    def weight(place: str, *, visible: bool) -> gr.Slider:
        value = settings[f"{place}_weight"]
        return gr.Slider(value=value, maximum=max(MAX_WEIGHT, value), visible=visible)

    return {
        "second": gr.Dropdown([none, *((each, each) for each in others)], value=second, visible=bool(others)),
        "second_weight": weight("second", visible=bool(second)),
        "third": gr.Dropdown([none, *((each, each) for each in rest)], value=third, visible=bool(rest)),
        "third_weight": weight("third", visible=bool(third)),
        "one_each": gr.Checkbox(settings.get("one_each", False), visible=bool(second)),
    }


def build(shelf: PoetRegistry, language: Locale) -> Controls:
    """Lay the tab out: the controls above, the page below (on a phone the other way round, see write.css)."""
    _ = language.gettext
    defaults = default_settings(shelf, language)
    poet_name = defaults.poet
    with gr.Column(elem_id="sheet"):
        with gr.Column(elem_id="controls", elem_classes="controls"):
            with gr.Row(elem_id="opening"):
                seed = gr.Textbox(
                    label=_("First words"),
                    placeholder=_("Begin a line and the poet finishes it, or leave this empty."),
                    lines=2,
                    max_lines=6,
                    elem_id="seed",
                    elem_classes="field",
                    autoscroll=False,
                )
                opening = gr.Button(_("Random opening"), elem_id="random-opening", size="sm")
            with gr.Row(elem_id="settings"):
                poet = gr.Dropdown(
                    shelf.names(),
                    value=poet_name,
                    label=_("Poet"),
                    filterable=False,
                    elem_id="poet",
                    elem_classes="dropdown",
                    min_width=120,
                )
                with gr.Column(elem_id="temperature-column", min_width=160):
                    temperature = gr.Slider(
                        0,
                        MAX_TEMPERATURE,
                        value=defaults.temperature,
                        step=0.05,
                        label=_("Temperature"),
                        buttons=[],
                        elem_id="temperature",
                    )
                    ends = gr.HTML(temperature_ends(language), elem_id="ends", apply_default_css=False)
                lines = gr.Dropdown(
                    length_choices(language),
                    value=defaults.lines,
                    label=_("Length"),
                    filterable=False,
                    elem_id="lines",
                    elem_classes="dropdown",
                    min_width=120,
                )
            with gr.Row(elem_id="go"):
                gr.Button(_("Settings"), elem_id="settings-button", elem_classes="main-button")
                write_button = gr.Button(
                    _("Write"), variant="primary", elem_id="write-button", elem_classes="main-button"
                )
                # write.js shows one of these at a time.
                gr.Button(
                    _("Continue"), variant="primary", elem_id="continue-button", elem_classes="main-button"
                )
                gr.Button(
                    _("Write another"),
                    variant="primary",
                    elem_id="another-button",
                    elem_classes="main-button",
                )
                gr.Button(_("Stop"), elem_id="stop-button", elem_classes="main-button")
                hints = _labels(language, _("Adds to this poem"), _("Keeps this poem"), "Ctrl + Enter", "Esc")
                gr.HTML(hints, elem_id="keys", apply_default_css=False)
            with gr.Accordion(_("More settings"), open=False, elem_id="more"), gr.Row(elem_id="more-row"):
                # Each in a column of its own: Gradio would put neighbours into one box.
                with gr.Column(min_width=140):
                    guard = gr.Dropdown(
                        guard_choices(language),
                        value=defaults.guard,
                        label=_("Longest phrase it may copy"),
                        info=_("Word for word, from its training poems."),
                        filterable=False,
                        elem_id="guard",
                        elem_classes="dropdown",
                    )
                with gr.Column(min_width=140):
                    top_p = gr.Slider(
                        0.05,
                        1,
                        value=defaults.top_p,
                        step=0.05,
                        label=_("Ignore unlikely choices (top-p)"),
                        info=_("At 1 every choice is possible; the lower, the fewer."),
                        buttons=[],
                        elem_id="top-p",
                    )
                with gr.Column(min_width=140):
                    rng = gr.Number(
                        value=defaults.rng,
                        precision=0,
                        minimum=0,
                        label=_("Random seed"),
                        info=_("The same seed writes the same poem."),
                        elem_id="rng",
                    )
                with gr.Column(min_width=140):
                    second, second_weight, third, third_weight = _blend(shelf, language, defaults)
                    one_each = gr.Checkbox(
                        defaults.one_each,
                        label=_("One line from each poet"),
                        info=_("Among the suggested lines. Write still blends them."),
                        interactive=True,
                        visible=False,
                        elem_id="one-each",
                    )
                with gr.Column(min_width=140, visible=_is_chinese(shelf, poet_name)) as script_column:
                    script = gr.Dropdown(
                        script_choices(language),
                        value=defaults.script,
                        label=_("Script"),
                        info=_("Of the poem and the suggested lines."),
                        filterable=False,
                        elem_id="script",
                        elem_classes="dropdown",
                    )
                with gr.Column(min_width=140, elem_id="switches"):
                    new = gr.Checkbox(defaults.new_seed, label=_("New seed each time"), elem_id="new-seed")
                    real_words = gr.Checkbox(
                        defaults.real_words,
                        label=_("Real words only"),
                        info=_("The poet writes only words that it has read."),
                        elem_id="real-words",
                    )
                    best_of_many = gr.Checkbox(
                        defaults.best_of_many,
                        label=_("Choose the best of {n} drafts", n=DRAFTS),
                        info=_("Takes a little longer; the next best is then ready at once."),
                        interactive=True,
                        elem_id="best-of-many",
                    )
                    # Plain boxes, because Gradio would set its own back to their defaults when it draws them.
                    own = {
                        "skip-animation": _("Skip the typing animation"),
                        "mark-mine": _("Mark the lines I wrote"),
                        "line-sounds": _("Syllables and rhymes"),
                    }
                    switches = render("tabs/write/switches.html", language, switches=own)
                    gr.HTML(switches, elem_id="own-switches", apply_default_css=False)
        in_browser = shelf.visitors.access.kind is not Kind.ONE
        sheet = page.page(language, in_browser=in_browser, example=poet_name in EXAMPLE_REQUESTS)
    return Controls(
        seed=seed,
        random_opening=opening,
        poet=poet,
        temperature=temperature,
        ends=ends,
        lines=lines,
        write=write_button,
        guard=guard,
        top_p=top_p,
        rng=rng,
        new_seed=new,
        second=second,
        second_weight=second_weight,
        third=third,
        third_weight=third_weight,
        one_each=one_each,
        best_of_many=best_of_many,
        real_words=real_words,
        script=script,
        script_column=script_column,
        page=sheet,
    )


def _blend(
    shelf: PoetRegistry, language: Locale, defaults: PoemSettings
) -> tuple[gr.Dropdown, gr.Slider, gr.Dropdown, gr.Slider]:
    """Return the controls for the poets that write together with the chosen one, each with its weight."""
    _ = language.gettext
    found: list[Any] = []
    for place, label, info in (
        ("second", _("Blend with"), _("The poets write each word together.")),
        ("third", _("And with"), None),
    ):
        none = (language.pgettext("poet to blend with", "no one"), "")
        found.append(
            gr.Dropdown(
                [none, *((each, each) for each in shelf.blendable(defaults.poet))],
                value=none[1],
                label=label,
                info=info,
                filterable=False,
                visible=place == "second",
                elem_id=f"{place}-poet",
                elem_classes="dropdown",
            )
        )
        found.append(
            gr.Slider(
                0.1,
                MAX_WEIGHT,
                value=1.0,
                step=0.1,
                label=_("Its weight; the first poet's is 1"),
                buttons=[],
                visible=False,
                elem_id=f"{place}-weight",
                elem_classes="weight",
            )
        )
    return tuple(found)


def _labels(language: Locale, *labels: str) -> str:
    return render("tabs/write/labels.html", language, labels=labels)


def temperature_ends(language: Locale, *, breaks: bool = False) -> str:
    """Return what stands above the slider; `breaks`: that words break at this temperature."""
    _ = language.gettext
    return _labels(language, _("calm"), _("words may break") if breaks else "", _("wild"))


def length_choices(language: Locale, *more: int) -> list[tuple[str, int]]:
    """Return the lengths to choose from with their values, 0 for any, and those in `more`."""
    lengths = sorted({*LENGTHS, *more} - {0})
    lines = [(language.ngettext("{n} line", "{n} lines", n), n) for n in lengths]
    return [(language.gettext("until the poem ends"), 0), *lines]


def guard_choices(language: Locale, *more: int) -> list[tuple[str, int]]:
    """Return the lengths of phrases to choose from with their values, 0 for any, and those in `more`."""
    guards = sorted({*GUARDS, *more} - {0})
    return [
        *((language.gettext("under {n} words", n=n), n) for n in guards),
        (language.gettext("any length"), 0),
    ]


def script_choices(language: Locale) -> list[tuple[str, str]]:
    """Return the scripts to choose from with their values, "" for that of the first words."""
    _ = language.gettext
    labels = {"simplified": _("simplified"), "traditional": _("traditional")}
    return [(_("as in your words"), ""), *((labels[script], script) for script in SCRIPTS)]


def poets(shelf: PoetRegistry, chosen: str | None, request: gr.Request | None, language: Locale) -> Any:
    """Return the list of poets with the visitor's own, with the chosen poet and its epoch."""
    choices, chosen = _poet_choices(shelf.of(request), chosen, language)
    return gr.Dropdown(choices, value=chosen)


def refreshed_poets(
    shelf: PoetRegistry, chosen: str | None, request: gr.Request | None, language: Locale
) -> Any:
    """Return the same list, but leave the choice alone if it still exists: the visitor may be changing it."""
    choices, still = _poet_choices(shelf.of(request), chosen, language)
    return gr.Dropdown(choices) if still == chosen else gr.Dropdown(choices, value=still)


def _poet_choices(
    shelf: PoetRegistry, chosen: str | None, language: Locale
) -> tuple[list[str | tuple[str, str]], str | None]:
    names = shelf.names()
    choices: list[str | tuple[str, str]] = list(names)
    chosen = chosen if shelf.has(chosen) else shelf.default(language)
    if chosen and chosen not in names:
        poet, epoch = of_epoch(chosen)
        label = language.gettext("{poet}, after epoch {n}", poet=poet, n=epoch)
        choices.insert(names.index(poet) + 1, (label, chosen))
    return choices, chosen


def with_settings(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler take the values of the settings, which are the first inputs of its event, as one object."""

    @wraps(handler)
    def handle(message: Any, *inputs: Any) -> Any:
        count = len(fields(PoemSettings))
        return handler(message, PoemSettings(*inputs[:count]), *inputs[count:])

    return handle


def wire(controls: Controls, session: gr.State, shelf: PoetRegistry, language: Locale) -> None:
    """Connect the controls. write.js turns Write into Stop, types the poem out, and sends "ended" at its end."""
    handlers, c = Handlers(shelf, language), controls
    page, html = c.page, c.page.html
    # "multiple": after Stop one may write again before the event of the stopped poem has ended.
    writing: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_id": "writing"}
    write, inputs = with_settings(handlers.write), [*c.settings, session]
    page.on(html.write, write, WriteRequest, inputs, [c.rng], **writing)
    page.on(html.another, handlers.another, WrittenDraft, [session], [c.rng], **writing)
    page.on(html.ended, handlers.ended, WrittenDraft, [session], trigger_mode="multiple", concurrency_limit=8)
    page.mailbox("example-answers").on(html.example, handlers.example, concurrency_id="writing")
    at_once: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    c.random_opening.click(handlers.random_opening, [c.poet, c.seed], [c.seed], **at_once)
    # Not where a receipt or a saved poem sets both.
    c.poet.input(handlers.length, [c.poet, c.lines, session], [c.lines], **at_once)
    c.lines.input(handlers.length_chosen, [session], [], **at_once)
    c.poet.change(handlers.script_shown, [c.poet], [c.script_column], **at_once)
    on_temperature = [c.poet, c.temperature, c.real_words]
    for control in on_temperature:
        control.change(handlers.ends, on_temperature, [c.ends], trigger_mode="always_last", **at_once)
    blend = [c.second, c.second_weight, c.third, c.third_weight, c.one_each]
    for event in (c.poet.change, c.second.input, c.third.input):
        event(handlers.blend, [c.poet, *blend], blend, **at_once)


@dataclass(frozen=True)
class Handlers:
    """What the events call: plain functions, tested without a browser. They raise PoetBotError with a sentence."""

    shelf: PoetRegistry
    language: Locale

    def write(
        self,
        message: WriteRequest,
        settings: PoemSettings,
        session: Session,
        visitor: gr.Request | None = None,
    ) -> Iterator[tuple[page.InProgress | page.Drafting, int]]:
        """Write a poem, and yield what is written so far with its random seed."""
        poet = settings.poet_or_blend
        if poet is None:
            raise PoetBotError(no_poets(self.language))
        if message.continued:
            settings = replace(settings, seed=message.continued)
        script = answering_script(self.shelf.of(visitor).poet(poet), settings.script, settings.seed or "")
        request = _request(settings, message.form, message.theme, script)
        yield from self._write(visitor, session, poet, request, best_of_many=settings.best_of_many)

    def another(
        self, message: WrittenDraft, session: Session, visitor: gr.Request | None = None
    ) -> Iterator[tuple[page.InProgress | page.Drafting, int]]:
        """Write another poem with the settings of the one that is shown, or show the next best of its drafts."""
        kept = session.find(message.draft)
        if kept is None:
            raise PoetBotError(
                self.language.gettext("The settings of this poem are gone. Press Write for a new one.")
            )
        if kept.others:
            draft = session.begin(kept.poet, kept.request)
            yield self._shown(visitor, draft, kept.others), kept.others[0].rng
            return
        request = replace(kept.request, rng=new_seed())
        if isinstance(request, Request):
            request = replace(request, together=False, places=())
        yield from self._write(visitor, session, kept.poet, request, best_of_many=kept.best_of_many)

    def _write(
        self,
        visitor: gr.Request | None,
        session: Session,
        poet: str,
        request: Request | FormRequest,
        *,
        best_of_many: bool,
    ) -> Iterator[tuple[page.InProgress | page.Drafting, int]]:
        draft, shelf = session.begin(poet, request), self.shelf.of(visitor)
        draft.best_of_many = best_of_many
        guard, index = shelf.guard(draft.poet, request.guard), shelf.index(draft.poet)
        draft.guarded = replace(request, guard=guard)
        if best_of_many and isinstance(draft.guarded, Request):
            yield from self._best_of_many(visitor, session, draft, draft.guarded)
            return
        writer = _writer(shelf, draft.poet, draft.guarded)
        notices = [self.language.say(notice) for notice in writer.notices]
        if request.guard and not guard:
            notices.append(self._unguarded())
        if best_of_many:
            notices.append(
                self.language.gettext(
                    "In a form each line is the best of many drafts already, so one poem is written."
                )
            )
        draft.notices = tuple(notices)
        # The seed each time: to skip an output, Gradio rebuilds its component, which takes longer than writing.
        for written, found in pieces(writer, index, shelf.engine):
            if draft.stopped:
                return
            yield page.in_progress(draft, writer.seed, written, found), request.rng
        if draft.stopped:  # after the last piece, where the rest of the poem was written at once
            return
        draft.poem = poem = writer.poem()
        written = poem.text[poem.seed_characters :]
        found = marks(index, poem.text, poem.seed_characters) if index else []
        yield page.in_progress(draft, writer.seed, written, found), request.rng

    def _best_of_many(
        self, visitor: gr.Request | None, session: Session, draft: Draft, request: Request
    ) -> Iterator[tuple[page.InProgress | page.Drafting, int]]:
        """Write the drafts side by side, and show the best when all are written."""
        session.going_on = this = object()
        written: dict[int, WrittenPoem] = {}
        yield self._drafting(draft, 0), request.rng
        cached = self.shelf.of(visitor).ready_poet(draft.poet)
        for number, poem in write_together(cached.poet, request, DRAFTS, cached.index):
            if session.going_on is not this:
                return
            written[number] = poem
            yield self._drafting(draft, len(written)), request.rng
        poems = [written[k] for k in range(DRAFTS)]
        ranked = self.shelf.engine.run(lambda: ranked_poems(cached, request, poems))
        draft.notices = tuple(self.language.say(notice) for notice in written[0].notices)
        if draft.request.guard and not request.guard:
            draft.notices += (self._unguarded(),)
        if session.going_on is this:
            yield self._shown(visitor, draft, tuple(each.poem for each in ranked)), request.rng

    def _drafting(self, draft: Draft, count: int) -> page.Drafting:
        status = self.language.gettext("{n} of {total} drafts…", n=count, total=DRAFTS)
        return page.Drafting(draft=draft.number, drafting=status)

    def _shown(
        self, visitor: gr.Request | None, draft: Draft, poems: tuple[WrittenPoem, ...]
    ) -> page.InProgress:
        """Return the first of some poems that are written already, and keep the others for later."""
        poem, *others = poems
        shelf = self.shelf.of(visitor)
        draft.best_of_many, draft.others, draft.poem = True, tuple(others), poem
        draft.request = draft.guarded = request_of_receipt(poem.receipt, shelf.poet(draft.poet))
        index = shelf.index(draft.poet)
        found = marks(index, poem.text, poem.seed_characters) if index else []
        seed, written = poem.text[: poem.seed_characters], poem.text[poem.seed_characters :]
        return page.in_progress(draft, seed, written, found)

    def _unguarded(self) -> str:
        return self.language.gettext("Still training, so copy protection is off.")

    def ended(
        self, message: WrittenDraft, session: Session, visitor: gr.Request | None = None
    ) -> page.Finished | page.Empty | page.Unchanged:
        """Keep what the reader has seen: the whole poem, or after Stop only its first characters."""
        draft = session.drafts.pop(message.draft, None)
        if draft is None:
            return {}
        draft.stopped = True
        shelf = self.shelf.of(visitor)
        index = shelf.index(draft.poet)
        poem = _as_shown(draft, message.shown, shelf)
        if len(poem.text) == poem.seed_characters:
            return page.Empty(draft=draft.number, empty=True)
        found = report(index, poem.text, poem.seed_characters) if index else None
        form = draft.request.form if isinstance(draft.request, FormRequest) else Form()
        fit = form_fit(poem.text, form, shelf.cached_poet(draft.poet), self.language)
        kept = session.keep(
            FinishedPoem(
                draft.number,
                draft.poet,
                draft.request,
                poem,
                found,
                draft.notices,
                draft.best_of_many,
                draft.others,
            )
        )
        return page.finished(kept, self.language, fit)

    def example(self, visitor: gr.Request | None = None) -> page.Example:
        """Return the example for a first visit."""
        poet = self.shelf.default(self.language)
        if poet not in EXAMPLE_REQUESTS:
            return page.Example(example_html="")
        html = example_html(poet, self.shelf.cached_poet(poet), self.language)
        return page.Example(example_html=html)

    def random_opening(self, poet: str | None, current: str, visitor: gr.Request | None = None) -> str:
        """Return an opening that this poet can read."""
        return random_opening(current or "", openings_for(_symbols(self.shelf.of(visitor), poet)))

    def length(
        self, poet: str | None, lines: int, session: Session, visitor: gr.Request | None = None
    ) -> int:
        """Return the length when a poet is chosen (`length_with`)."""
        return length_with(self.shelf.of(visitor), poet, lines, session)

    def blend(
        self,
        poet: str | None,
        second: str,
        second_weight: float,
        third: str,
        third_weight: float,
        one_each: bool,
        visitor: gr.Request | None = None,
    ) -> tuple[gr.Dropdown | gr.Slider | gr.Checkbox, ...]:
        """Offer the poets that can be blended with the chosen ones."""
        settings = {
            "poet": poet,
            "second": second,
            "second_weight": second_weight,
            "third": third,
            "third_weight": third_weight,
            "one_each": one_each,
        }
        return tuple(blend_controls(self.shelf.of(visitor), self.language, settings).values())

    def length_chosen(self, session: Session) -> None:
        """Remember that the length is the person's choice."""
        session.has_chosen_length = True

    def script_shown(self, poet: str | None, visitor: gr.Request | None = None) -> gr.Column:
        """Show the choice of a script for a poet of Chinese."""
        return gr.Column(visible=_is_chinese(self.shelf.of(visitor), poet))

    def ends(
        self, poet: str | None, temperature: float, real_words: bool, visitor: gr.Request | None = None
    ) -> str:
        """Return what stands above the slider, with a warning where words of this poet break."""
        is_hot = temperature > MOST_WHOLE_WORDS and not real_words
        try:
            known = self.shelf.of(visitor).poet(poet) if poet and is_hot else None
        except PoetBotError:  # it has just been deleted
            known = None
        breaks = (
            known is not None
            and known.recipe.level != "words"
            and not is_mostly_cjk(tuple(known.vocabulary.symbols))  # whose characters are words
        )
        return temperature_ends(self.language, breaks=breaks)


def _request(settings: PoemSettings, panel: FormFields, theme: Theme, script: str) -> Request | FormRequest:
    shared: dict[str, Any] = {
        "seed": settings.seed or "",
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "rng": new_seed() if settings.new_seed else settings.rng,
        "guard": settings.guard or 0,
        "script": script,
        "theme": theme.or_opening(settings.seed or ""),
        "real_words": settings.real_words,
    }
    form = form_of(panel, settings.lines)
    if form.lines is None and not form.is_open:
        form = replace(form, stanzas=(settings.lines or DEFAULT_LENGTH,))
    if form.lines is None:
        lines = settings.lines or None
        if lines and (begun := lines_before(settings.seed)):
            lines = max(1, lines - begun)  # the length is that of the whole poem
        return Request(**shared, lines=lines)
    return FormRequest(form=form, **shared)


def lines_before(seed: str | None) -> int:
    """Return how many lines of a poem are finished by its first words. `Request.lines` counts those after them."""
    return sum(1 for line in (seed or "").split("\n")[:-1] if line.strip())


def length_of_receipt(receipt: Mapping[str, Any]) -> int:
    """Return the length of the whole poem that a receipt with a number of lines writes, 0 for any."""
    lines, seed = receipt.get("lines"), receipt.get("seed")
    return (
        lines + lines_before(seed if isinstance(seed, str) else "") if isinstance(lines, int) and lines else 0
    )


def _as_shown(draft: Draft, shown: int | None, shelf: PoetRegistry) -> WrittenPoem:
    """Return the poem up to the character that was shown last, with a receipt that is true to the letter."""
    poem = draft.poem
    if poem and not (shown is not None and shown < len(poem.text) - poem.seed_characters):
        return poem
    writer = _writer(shelf, draft.poet, replace(draft.guarded or draft.request, stop_after=shown or 0))

    def write_again() -> WrittenPoem:
        for _ in writer:
            pass
        return writer.poem()

    return shelf.engine.run(write_again)


def _writer(shelf: PoetRegistry, poet: str, request: Request | FormRequest) -> Writer | FormWriter:
    if isinstance(request, FormRequest):
        return FormWriter(shelf.cached_poet(poet), request)
    return Writer(shelf.poet(poet), request, shelf.index(poet))


def no_poets(language: Locale) -> str:
    """Return what to do if there are no poets."""
    return language.gettext(
        "There are no poets yet. Train one: `{command} train CORPUS --out NAME`.", command=COMMAND
    )
