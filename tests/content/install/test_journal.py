"""A journal is read up to its last whole record, whatever a crash left after it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.content.install.disk import Disk
from samovar.content.install.errors import Damaged
from samovar.content.install.journal import Begun, Journal, Made, Record, Synced

BEGUN = Begun(7, bytes(32), bytes(32), b"n" * 32, b"", b"a" * 16, "public", "build")
RECORDS: list[Record] = [Made(3), Synced(4, 2**40), Synced(4, 2**41), Made(5), Made(300)]


def written(path: Path) -> bytes:
    journal = Journal.create(path, Disk(), BEGUN)
    for record in RECORDS:
        journal.append(record)
    journal.close()
    return path.read_bytes()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written(tmp_path / "journal")
    journal = Journal.open(tmp_path / "journal", Disk())
    assert journal is not None
    assert journal.records == [BEGUN, *RECORDS]
    assert (journal.begun, journal.done, journal.synced) == (BEGUN, 300, {4: 2**41})
    journal.close()


@given(cut=st.integers(0, 10_000), garbage=st.binary(max_size=60))
def test_a_torn_end_is_cut_off_and_written_over(
    tmp_path_factory: pytest.TempPathFactory, cut: int, garbage: bytes
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    data = written(path)
    path.write_bytes(data[: cut % (len(data) + 1)] + garbage)
    try:
        journal = Journal.open(path, Disk())
    except Damaged:
        return
    assert journal is not None
    whole = journal.records
    assert whole == [BEGUN, *RECORDS][: len(whole)]
    journal.append(Made(999))
    journal.close()
    again = Journal.open(path, Disk())
    assert again is not None
    assert again.records == [*whole, Made(999)][: len(again.records)]
    assert again.done == 999
    again.close()


@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_flipped_bit_ends_the_journal_before_it(
    tmp_path_factory: pytest.TempPathFactory, place: int, flip: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    data = bytearray(written(path))
    data[place % len(data)] ^= flip
    path.write_bytes(data)
    try:
        journal = Journal.open(path, Disk())
    except Damaged:
        return
    assert journal is not None
    assert journal.records == [BEGUN, *RECORDS][: len(journal.records)]
    assert len(journal.records) <= len(RECORDS)
    journal.close()


def test_no_journal_is_none(tmp_path: Path) -> None:
    assert Journal.open(tmp_path / "journal", Disk()) is None
