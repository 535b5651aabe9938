"""A class that writes at once, each with an open page of their own: everybody gets a poem, and soon its first words."""

import threading

import httpx

from benchmarks.class_of_twenty import Person
from tests.web.conftest import Served


def test_ten_people_at_once_and_nobody_waits_behind_the_drafts(served: Served) -> None:
    people: list[Person] = []
    for number in range(10):
        http = httpx.Client(base_url=served.url, timeout=60)
        config = people[0].config if people else http.get("config").json()
        people.append(Person(number, http, config, "tiny"))
    threads = [
        threading.Thread(target=person.suggest if person.number < 3 else person.write, args=(person.number,))
        for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    for person in people:
        person.http.close()
    assert [said for person in people for said in person.wrong] == []
    writers = people[3:]
    assert all(len(person.first) == len(person.whole) == 1 for person in writers)
    assert all(len(person.suggested) == 1 for person in people[:3])
    # How long they wait, the benchmark measures: a machine that runs tests is too busy to tell.
    assert all(person.first[0] <= person.whole[0] for person in writers)
