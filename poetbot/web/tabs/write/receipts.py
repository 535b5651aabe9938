"""Recreating a poem from its receipt: it is written again, and the controls are set as they were."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.poets.blend import Part, blend_name, parts_of_receipt
from poetbot.web.serving.poet_registry import PoetRegistry, at_epoch, is_blend
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.form_panel import fields_of
from poetbot.web.tabs.write.saved_settings import theme_fields
from poetbot.web.tabs.write.tab import (
    Controls,
    PoemSettings,
    blend_controls,
    control_updates,
    length_of_receipt,
    settings_of_poet,
)
from poetbot.writing import CachedPoet, Form, RecreatedPoem, recreate_poem, sources_of
from poetbot.writing.receipt import Receipt

_MAX_CHARACTERS = 300_000  # of a receipt


@dataclass(frozen=True)
class Recreation:
    """A receipt, perhaps as the JSON that was pasted."""

    receipt: str | dict[str, Any]


def wire(controls: Controls, session: gr.State, shelf: PoetRegistry, language: Locale) -> None:
    """Connect the event of the page. It is answered with the poem, and the controls are set."""
    page, handlers = controls.page, Handlers(shelf, language)
    page.mailbox("receipt-answers").on(
        page.html.recreate,
        handlers.recreate,
        Recreation,
        [session],
        controls.settings,
        trigger_mode="multiple",
        concurrency_id="writing",
    )


@dataclass(frozen=True)
class Handlers:
    """What the event calls."""

    shelf: PoetRegistry
    language: Locale

    def recreate(
        self, message: Recreation, session: Session, visitor: gr.Request | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Write the poem of a receipt again, and yield how far it is, then the poem with its settings."""
        unchanged = [gr.skip() for _ in fields(PoemSettings)]
        session.going_on = this = object()
        receipt = parsed(message.receipt)
        names: dict[str, str] = {}
        for found in recreate_poem(receipt, self._finder(self.shelf.of(visitor), names)):
            if session.going_on is not this:
                return
            if not isinstance(found, RecreatedPoem):
                part, count = found
                status = self.language.gettext("Recreating part {n} of {count}…", n=part + 1, count=count)
                yield {"more": True, "status": status}, *unchanged
                continue
            last = sources_of(receipt)[-1] if sources_of(receipt) else {}
            poet = names.get(str(last.get("poet_id")), "")
            answer = {
                "text": found.text,
                "written": [list(span) for span in found.written],
                "receipt": receipt,
                "poet": poet,
                "form": asdict(fields_of(Form.from_json(last.get("form") or {}))),
                "theme": theme_fields(last.get("theme")),
            }
            if not poet:
                yield answer, *unchanged
                continue
            settings = _settings(last, poet, is_whole=last is receipt)
            settings |= blend_controls(self.shelf.of(visitor), self.language, settings)
            yield answer, *control_updates(settings, self.language)

    def _finder(self, shelf: PoetRegistry, names: dict[str, str]) -> Callable[[Receipt], CachedPoet]:
        """Return a function that finds the poet of a receipt by its id, and adds its name here to `names`."""

        def find(receipt: Receipt) -> CachedPoet:
            wanted = str(receipt["poet_id"])
            if wanted not in names:
                parts = parts_of_receipt(receipt)
                blend = [Part(_name_of(shelf, entry), part.weight) for part, entry in parts]
                names[wanted] = blend_name(blend) if blend else _name_of(shelf, receipt)
            return shelf.cached_poet(names[wanted])

        return find


def _name_of(shelf: PoetRegistry, entry: Mapping[str, Any]) -> str:
    """Return the name of the poet that a receipt, or a blend in it, names. Raises PoetBotError if it isn't there."""
    name, wanted, epoch = str(entry.get("poet")), str(entry["poet_id"]), entry.get("epoch")
    for known in [name, *(each for each in shelf.names() if each != name)]:
        then = at_epoch(known, epoch if isinstance(epoch, int) else None)
        if not is_blend(then) and shelf.has(then) and shelf.poet(then).id == wanted:
            return then
    raise PoetBotError(
        "The poet {poet} ({id}) isn't one of your poets. Import it on the Poets tab, then try again.",
        poet=name[:60],
        id=wanted[:8],
    )


def _settings(receipt: Receipt, poet: str, *, is_whole: bool) -> dict[str, Any]:
    """Return the settings of a receipt that has written its poem, or the end of one that isn't its alone.

    Only the beginning of the first line is first words. More than that was continued, and is on the page.
    """
    seed = receipt.get("seed")
    is_beginning = is_whole and isinstance(seed, str) and "\n" not in seed.strip()
    return {
        **settings_of_poet(poet),
        **({"seed": seed} if is_beginning else {}),
        "temperature": receipt["temperature"],
        "top_p": receipt["top_p"],
        **({"lines": length_of_receipt(receipt)} if "lines" in receipt else {}),
        "rng": receipt["rng"],
        "guard": receipt.get("guard") or 0,
        "real_words": receipt.get("real_words") is True,
        "script": receipt.get("script") or "",
    }


def parsed(receipt: Any) -> Any:
    """Return a receipt, from JSON if it is text. Raises PoetBotError if it isn't JSON."""
    if not isinstance(receipt, str):
        return receipt
    try:
        if len(receipt) > _MAX_CHARACTERS:
            raise ValueError
        return json.loads(receipt)
    except (ValueError, RecursionError) as error:
        raise PoetBotError("This isn't a receipt. Paste the JSON that came with a poem.") from error
