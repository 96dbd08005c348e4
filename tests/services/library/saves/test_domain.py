"""What becomes of an upload, and what may be the name of a file."""

from uuid import UUID

import pytest

from samovar.services.library.saves import domain
from samovar.services.library.saves.domain import Decision, File, Upload, Version


def _version(number: int, parent: int | None, content: str | None, size: int = 100, **more: bool) -> Version:
    return Version(
        id=UUID(int=number),
        parent_id=UUID(int=parent) if parent else None,
        content_id=content,
        size_bytes=size,
        **more,
    )


def _upload(parent: int | None, content: str, size: int = 100, *, confirmed: bool = False) -> Upload:
    return Upload(
        parent_id=UUID(int=parent) if parent else None,
        content_id=content,
        size_bytes=size,
        is_confirmed=confirmed,
    )


_FIRST, _SECOND = _version(1, None, "a"), _version(2, 1, "b")
_FILE = File(current_id=_SECOND.id, versions=(_FIRST, _SECOND))


@pytest.mark.parametrize(
    ("file", "upload", "decision"),
    [
        (None, _upload(None, "a"), Decision()),
        (_FILE, _upload(2, "c"), Decision()),
        # The answer to the same upload was lost.
        (_FILE, _upload(1, "b"), Decision(known=_SECOND)),
        # Both sides are alike.
        (_FILE, _upload(None, "b"), Decision(known=_SECOND)),
        # The answer was lost, and another device has gone on since.
        (_FILE, _upload(None, "a"), Decision(known=_FIRST, is_conflict=True)),
        (_FILE, _upload(1, "c"), Decision(is_conflict=True, is_unresolved=True)),
        (_FILE, _upload(None, "c"), Decision(is_conflict=True, is_unresolved=True)),
        (_FILE, _upload(2, "c", 9), Decision(refusal="shrunk")),
        (_FILE, _upload(2, "c", 0), Decision(refusal="shrunk")),
        (_FILE, _upload(2, "c", 10), Decision()),
        (_FILE, _upload(2, "c", 0, confirmed=True), Decision()),
        # A side of a conflict replaces nothing, however small it is.
        (_FILE, _upload(1, "c", 0), Decision(is_conflict=True, is_unresolved=True)),
    ],
)
def test_what_becomes_of_an_upload(file: File | None, upload: Upload, decision: Decision) -> None:
    assert domain.decide(file, upload) == decision


def test_a_deleted_file_is_new_to_who_had_none_and_a_conflict_to_who_had_it() -> None:
    gone = _version(3, 2, None, 0)
    file = File(current_id=gone.id, versions=(*_FILE.versions, gone))
    assert domain.decide(file, _upload(None, "c")) == Decision()
    assert domain.decide(file, _upload(2, "c")).is_unresolved


def test_sides_of_one_file_have_a_limit() -> None:
    sides = tuple(_version(number, 1, f"{number}", is_unresolved=True) for number in range(3, 53))
    file = File(current_id=_SECOND.id, versions=(*_FILE.versions, *sides))
    assert domain.decide(file, _upload(1, "new")).refusal == "too_many_conflicts"
    assert domain.decide(file, _upload(1, "7")).known == sides[4]


def test_a_choice_settles_what_was_seen() -> None:
    sides = tuple(_version(number, 1, f"{number}", is_unresolved=True) for number in (3, 4, 5))
    file = File(current_id=_SECOND.id, versions=(*_FILE.versions, *sides))
    three, four, five = [one.id for one in sides]
    assert domain.settled(file, three, [three, four]) == {three, four}
    assert domain.settled(file, _SECOND.id, [UUID(int=99)]) == {_SECOND.id}
    assert domain.settled(file, three) == {three, four, five}


def test_neither_the_current_version_nor_a_side_is_pruned() -> None:
    versions = (
        _version(1, None, "a"),
        _version(2, 1, "b", is_unresolved=True),
        *(_version(number, None, f"{number}") for number in range(3, 9)),
    )
    file = File(current_id=UUID(int=1), versions=versions)
    assert domain.pruned(file, 2) == [UUID(int=number) for number in range(3, 7)]
    assert domain.pruned(file, 6) == []


@pytest.mark.parametrize("path", ["save.dat", "слот 1:сохранение.sav", "a:b:c", "я" * 127, "com10", "..a"])
def test_a_name_of_a_file(path: str) -> None:
    assert domain.is_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ":",
        "a:",
        "..",
        "a:..:b",
        "a/b",
        "a\\b",
        "nul",
        "COM1.sav",
        "a.",
        "a ",
        "я" * 128,
        "и\u0306",
        "a\n",
        "a*",
    ],
)
def test_no_name_of_a_file(path: str) -> None:
    assert not domain.is_path(path)
