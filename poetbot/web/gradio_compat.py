"""What the door needs of gradio that gradio does not document, in one place: its pages, requests and tokens."""

from typing import Any


def functions(app: Any) -> Any:
    """Return what may be called on gradio's `app`, by number."""
    return app.get_blocks().fns


def inputs_of(app: Any, number: int | None, name: str | None) -> range | None:
    """Return how many inputs a function takes, by its number or its name; None where the server has none to call.

    States may be among them, or be left to gradio.
    """
    every = functions(app)
    found = every.get(number) if number is not None else None
    if number is None:
        found = next((each for each in every.values() if each.api_name == name), None)
    if found is None or found.fn is None:
        return None
    return range(sum(not each.stateful for each in found.inputs), len(found.inputs) + 1)


def under_way(app: Any) -> list[str]:
    """Return the names of the requests that wait or are being answered."""
    return list(app.get_blocks()._queue.event_ids_to_events)


def forget_page(app: Any, name: str) -> None:
    """Let go of what gradio keeps for a page: a copy of its components, and answers that nobody fetched."""
    app.state_holder.session_data.pop(name, None)
    app.state_holder.time_last_used.pop(name, None)
    queue = app.get_blocks()._queue
    waiting = queue.pending_event_ids_session.get(name, ())
    if not any(event in queue.event_ids_to_events for event in waiting):
        queue.pending_messages_per_session.pop(name, None)
        queue.pending_event_ids_session.pop(name, None)


def token_names(app: Any) -> list[str]:
    """Return the names of the cookies by which gradio knows who has signed in."""
    return [f"access-token{kind}-{app.cookie_id}" for kind in ("", "-unsecure")]


def sign_out(app: Any, cookies: dict[str, str]) -> None:
    """Let the token of one browser no longer count."""
    for name in token_names(app):
        app.tokens.pop(cookies.get(name), None)
