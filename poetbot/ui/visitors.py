"""Who is asking, and where that person's things are."""

from dataclasses import dataclass

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.home import Home


class Unknown(PoetBotError):
    """Nobody knows whose request it is: it may have what is everybody's, and nothing else."""


@dataclass(frozen=True)
class Visitors:
    """Everybody who uses this app. On 127.0.0.1 that is one person."""

    def home(self, request: gr.Request | None) -> Home:
        """Return the data folder of whoever sent this request: the one way by which a tab gets one.

        A handler takes the request as `request: gr.Request | None = None`, which gradio fills in, and asks anew every
        time; it keeps no home in the page, takes none from the browser, and never calls `Home.of_this_person` itself.
        Served on this machine alone, everything belongs to the person who started the app. Raises Unknown, a
        sentence to be shown, where nobody knows whose request it is.
        """
        return Home.of_this_person()
