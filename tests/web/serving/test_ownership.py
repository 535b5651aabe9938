"""Whose pages, requests and files they are while the app runs."""

from poetbot.web.serving.ownership import Ownership, files_named


def test_a_visitors_files_belong_to_no_other() -> None:
    own = Ownership()
    assert own.claim("session", "page", "ada") and own.claim("session", "page", "ada")
    assert not own.claim("session", "page", "bob")
    assert own.may_open("page", "ada") and not own.may_open("page", "bob") and own.may_open("other", "bob")
    own.claim("event", "page", "bob")
    assert own.owner("event", "page") == "bob" and own.owner("event", "other") is None


def test_two_visitors_may_upload_the_same_file() -> None:
    own = Ownership()
    own.grant_file("/tmp/x/poems.txt", "ada")
    assert own.may_read("/tmp/x/poems.txt", "ada") and not own.may_read("/tmp/x/poems.txt", "bob")
    own.grant_file("/tmp/x/poems.txt", "bob")
    assert own.may_read("/tmp/x/poems.txt", "ada") and own.may_read("/tmp/x/poems.txt", "bob")
    assert not own.may_read("/tmp/x/../x/poems.txt", "ada")


def test_files_are_found_in_event_data() -> None:
    file = {"path": "/a", "meta": {"_type": "gradio.FileData"}}
    assert sorted(
        files_named({"data": [[file], {"x": {"path": "/b", "url": None}}, {"path": 3, "meta": {}}]})
    ) == [
        "/a",
        "/b",
    ]
    deep: object = file
    for _ in range(5_000):
        deep = [deep]
    assert list(files_named(deep)) == ["/a"]
