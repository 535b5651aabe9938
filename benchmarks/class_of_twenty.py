"""Measure how long each of twenty people waits for the first character when all write at once, and whether turns are fair.

    python -m benchmarks.class_of_twenty [--people 20] [--suggesting 4] [--rounds 3] [--url http://127.0.0.1:7860/]

Starts the app on this machine (or uses the one at --url) and simulates open pages with plain HTTP: each joins the queue as
the page does and reads the stream of events. In each round, all press Write within half a second; some request three
suggestions out of 64 drafts instead. Measures the waits for the first character and for the suggestions, and how even the
waits for whole poems are. The clients run on the same machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks import figures
from benchmarks.app import free_port, started
from benchmarks.figures import Figure, rounded

TOPIC = "Many at once"
PEOPLE, SUGGESTING = 20, 4
OPENINGS = ("The sea at night", "My grandmother's kitchen", "", "Snow on the last bus", "O rose", "Once")


@dataclass
class Person:
    """An open page, and its waits in seconds."""

    number: int
    http: httpx.Client
    config: dict[str, Any]
    poet: str = "english"
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    suggested: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        return f"class{os.getpid()}x{self.number}"

    def open(self) -> None:
        """Start a session as a page does when it opens: the first event of a session creates all components."""
        loads = (each for each in self.config["dependencies"] if [0, "load"] in map(list, each["targets"]))
        first = next(each for each in loads if each["inputs"] and each["backend_fn"])
        for _ in self.stream([None] * len(first["inputs"]), first["id"]):
            pass

    def write(self, rng: int) -> None:
        """Press Write and read the poem as it arrives."""
        dependency, inputs = write_event(self.config)
        values: dict[str, Any] = {
            "poet": self.poet,
            "seed": OPENINGS[self.number % len(OPENINGS)],
            "temperature": 0.7,
            "top-p": 1,
            "lines": 14,
            "rng": rng,
            "fresh": False,
            "guard": 8,
        }
        data = [values.get(name, default) for name, default in inputs]
        seen = False
        for event, begun in self.stream(data, dependency):
            if event["msg"] == "process_completed":
                self.whole.append(time.perf_counter() - begun)
                if not event.get("success"):
                    self.wrong.append(str(event.get("output"))[:200])
            elif (
                event["msg"] == "process_generating"
                and not seen
                and '"text"' in json.dumps(event).replace("\\", "")
            ):
                seen = True
                self.first.append(time.perf_counter() - begun)
        if not seen:
            self.wrong.append("no character came")

    def suggest(self, rng: int) -> None:
        """Request three suggestions."""
        info = self.http.get("gradio_api/info").json()["named_endpoints"]["/suggest"]["parameters"]
        given = {"poet": self.poet, "before": "The sea at night\nand all the harbour still\n", "rng": rng}
        defaults = [(each["parameter_name"], each["parameter_default"]) for each in info]
        data = [given.get(name, default) for name, default in defaults]
        begun = time.perf_counter()
        asked = self.http.post("gradio_api/call/suggest", json={"data": data})
        answer = self.http.get(f"gradio_api/call/suggest/{asked.json()['event_id']}").text
        self.suggested.append(time.perf_counter() - begun)
        if "event: complete" not in answer:
            self.wrong.append(answer[:200])

    def stream(self, data: list[Any], dependency: int) -> Any:
        begun = time.perf_counter()
        body = {
            "data": data,
            "fn_index": dependency,
            "session_hash": self.page,
            "trigger_id": None,
            "event_data": {},
        }
        self.http.post("gradio_api/queue/join", json=body).raise_for_status()
        with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": self.page}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    event = json.loads(line[5:])
                    yield event, begun
                    if event["msg"] in ("process_completed", "close_stream"):
                        return


def write_event(config: dict[str, Any]) -> tuple[int, list[tuple[str, Any]]]:
    """Return the number of the event that writes, and its input components: their names and default values."""
    names = {each["id"]: each["props"].get("elem_id") or "" for each in config["components"]}
    defaults = {each["id"]: each["props"].get("value") for each in config["components"]}
    for each in config["dependencies"]:  # one per language
        if "write" in [event for _, event in each["targets"]]:
            return each["id"], [(names.get(number, ""), defaults.get(number)) for number in each["inputs"]]
    raise SystemExit("The page has no event that writes.")


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def measure(
    quick: bool = False,
    people: int = PEOPLE,
    suggesting: int = SUGGESTING,
    rounds: int = 3,
    url: str | None = None,
) -> Iterator[Figure]:
    """Measure a class of `people`, of whom some request suggestions in each round; a quick run has one round."""
    app: subprocess.Popen[bytes] | None = None
    if url is None:
        port = free_port()
        app, _ = started(port)
        url = f"http://127.0.0.1:{port}/"
    try:
        everybody: list[Person] = []
        for number in range(people):
            http = httpx.Client(base_url=url, timeout=120)
            http.get("/")
            config = everybody[0].config if everybody else http.get("config").json()
            everybody.append(Person(number, http, config))
        for person in everybody:
            person.open()
        everybody[0].write(0)  # loads the poet
        everybody[0].suggest(0)  # loads its words
        everybody[0].first.clear(), everybody[0].whole.clear(), everybody[0].suggested.clear()
        for number in range(1 if quick else rounds):
            threads = []
            for person in everybody:
                busy = (person.number + number * suggesting) % people < suggesting
                work = person.suggest if busy else person.write
                threads.append(threading.Thread(target=work, args=(1 + number * 100 + person.number,)))
            for thread in threads:
                thread.start()
                time.sleep(0.5 / len(threads))
            for thread in threads:
                thread.join()
    finally:
        if app:
            app.terminate()
            app.wait()
    of = f"{people} people, {suggesting} of whom request suggestions"
    yield from waits(everybody, of)


def waits(people: list[Person], of: str) -> Iterator[Figure]:
    """Return what people waited for, how evenly, and how many of them in vain."""
    class_size = len(people) <= PEOPLE  # a whole school has a bar of its own
    for label, values, bar in (
        (
            "first character",
            [wait for person in people for wait in person.first],
            "≤ 0.5" if class_size else "≤ 1.5",
        ),
        ("whole poem", [wait for person in people for wait in person.whole], "≤ 8" if class_size else ""),
        (
            "three suggestions",
            [wait for person in people for wait in person.suggested],
            "≤ 1" if class_size else "",
        ),
    ):
        if values:
            told = f"{quantile(values, 0.5):.2f} s at the median, {len(values)} requests"
            late = rounded(quantile(values, 0.95))
            yield Figure(TOPIC, f"{label}, 95th percentile, {of}", late, "s", bar, compared=told)
    # Jain, Chiu & Hawe 1984: 1 if all wait equally long, 1/n if one does all the waiting.
    wholes = [statistics.mean(person.whole) for person in people if person.whole]
    if wholes:
        fair = sum(wholes) ** 2 / (len(wholes) * sum(each * each for each in wholes))
        yield Figure(TOPIC, f"fairness of whole poems (Jain's index, 1 is even), {of}", rounded(fair))
    wrong = [said for person in people for said in person.wrong]
    for said in wrong[:5]:
        print("wrong:", said, file=sys.stderr)
    yield Figure(TOPIC, f"requests that failed, {of}", len(wrong), "", "≤ 0")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=PEOPLE)
    asked.add_argument(
        "--suggesting", type=int, default=SUGGESTING, help="how many of them request suggestions"
    )
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--url", help="a running app (default: start one)")
    chosen = asked.parse_args()
    return figures.report(measure(False, chosen.people, chosen.suggesting, chosen.rounds, chosen.url))


if __name__ == "__main__":
    raise SystemExit(main())
