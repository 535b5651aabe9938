"""A receipt is opened: its poem is written again, and the desk is set as it was."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.web.components.channel import channel
from poetbot.web.serving.poet_registry import Shelf, at_epoch
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.tab import GUARDS, LENGTHS, WILDEST, Controls
from poetbot.web.words import Words
from poetbot.writing import Again, Desk, sources_of, write_again

log = logging.getLogger(__name__)

_MOST = 300_000  # characters of a receipt

Value = dict[str, Any]


def wire(controls: Controls, session: gr.State, shelf: Shelf, words: Words) -> None:
    """Hear which receipt is opened; the poem comes through a channel, and the controls are set."""
    c = controls
    set_anew = [c.poet, c.seed, c.temperature, c.top_p, c.lines, c.rng, c.fresh, c.guard]
    c.page.reopen(
        Handlers(shelf, words).reopen,
        [session],
        [channel("receipt"), *set_anew],
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="multiple",
        concurrency_id="writing",
    )


@dataclass(frozen=True)
class Handlers:
    """What the event calls."""

    shelf: Shelf
    words: Words

    def reopen(
        self, session: Session, event: gr.EventData, visitor: gr.Request | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Write the poem of a receipt again, telling how far it is; then give it out with the settings it had."""
        data = event._data if isinstance(event._data, dict) else {}
        asked = session.going_on = data.get("ask")
        unset = (gr.skip(),) * 8
        try:
            receipt = read(data.get("receipt"))
            names: dict[str, str] = {}
            for found in write_again(receipt, self._finder(self.shelf.of(visitor), names)):
                if session.going_on != asked:
                    return
                if not isinstance(found, Again):
                    done = self.words.desk.again_of.format(n=found[0] + 1, count=found[1])
                    yield {"ask": asked, "more": True, "said": done}, *unset
                    continue
                last = sources_of(receipt)[-1] if sources_of(receipt) else {}
                poet = names.get(str(last.get("poet_id")), "")
                answer = {
                    "ask": asked,
                    "text": found.text,
                    "written": [list(span) for span in found.written],
                    "receipt": receipt,
                    "poet": poet,
                    "form": last.get("form") or {},
                }
                yield answer, *(self._settings(last, poet) if poet else unset)
        except PoetBotError as error:
            yield {"ask": asked, "error": self.words.tongue.said(error)}, *unset
        except Exception:  # the page waits for an answer
            log.exception("A receipt could not be opened.")
            yield {"ask": asked, "error": self.words.broken}, *unset

    def _finder(self, shelf: Shelf, names: dict[str, str]) -> Callable[[Mapping[str, Any]], Desk]:
        """Return what finds the poet of a receipt by its id, whatever it is called here, and notes its name."""

        def find(receipt: Mapping[str, Any]) -> Desk:
            name, wanted, epoch = str(receipt.get("poet")), str(receipt["poet_id"]), receipt.get("epoch")
            epoch = epoch if isinstance(epoch, int) else None
            if wanted in names:
                return shelf.desk(names[wanted])
            for known in [name, *(each for each in shelf.names() if each != name)]:
                then = at_epoch(known, epoch)
                if shelf.has(then) and shelf.poet(then).id == wanted:
                    names[wanted] = then
                    return shelf.desk(then)
            raise PoetBotError(self.words.desk.no_such_poet.format(poet=name[:60], id=wanted[:8]))

        return find

    def _settings(self, receipt: Mapping[str, Any], poet: str) -> tuple[Any, ...]:
        """Return the controls as they were for this receipt. It has written its poem, so its values are sound."""
        words, lines, guard = self.words, receipt.get("lines") or 0, receipt.get("guard") or 0
        lengths = [
            (words.until_it_ends, 0),
            *((words.lines.format(n=n), n) for n in sorted({*LENGTHS, lines} - {0})),
        ]
        guards = [(words.guard_under.format(n=n), n) for n in sorted({*GUARDS, guard} - {0})]
        temperature = receipt["temperature"]
        return (
            poet,
            receipt["seed"] if isinstance(receipt.get("seed"), str) else gr.skip(),
            gr.Slider(value=temperature, maximum=max(WILDEST, temperature)),
            receipt["top_p"],
            gr.Dropdown(lengths, value=lines) if "lines" in receipt else gr.skip(),
            receipt["rng"],
            False,
            gr.Dropdown([*guards, (words.guard_none, 0)], value=guard),
        )


def read(receipt: Any) -> Any:
    """Return a receipt that was pasted as text, or comes as data. Raises PoetBotError where it is no JSON."""
    if not isinstance(receipt, str):
        return receipt
    try:
        if len(receipt) > _MOST:
            raise ValueError
        return json.loads(receipt)
    except (ValueError, RecursionError) as error:
        raise PoetBotError("This is no receipt: paste the JSON that came with a poem.") from error
