"""Pages: every row once, and a cursor that nobody can bend."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import InvalidInput
from samovar.kit.pagination import CURSOR_LENGTH_MAX, Page, decode_cursor, encode_cursor, page_of


class ReviewKey(msgspec.Struct, frozen=True):
    created_at: datetime
    score: int
    id: UUID


class NumberKey(msgspec.Struct, frozen=True):
    number: int


class OtherKey(msgspec.Struct, frozen=True):
    number: int


keys = st.builds(
    ReviewKey,
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone.
    st.integers(-(2**63), 2**63),
    st.uuids(),
)


@given(keys)
def test_a_key_comes_back_from_its_cursor(key: ReviewKey) -> None:
    assert decode_cursor(encode_cursor(key), ReviewKey) == key


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, ReviewKey) is None


@given(st.integers(0, 60), st.integers(1, 12))
def test_walking_the_pages_sees_every_row_once(count: int, limit: int) -> None:
    rows, seen, cursor = list(range(count)), [], None
    while True:
        after = decode_cursor(cursor, NumberKey)
        found = [row for row in rows if after is None or row > after.number][: limit + 1]
        page = page_of(found, limit, NumberKey)
        seen += page.items
        assert len(page.items) <= limit
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == rows


@given(st.text(max_size=60))
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        decode_cursor(text, NumberKey)
    assert [(fault.field, fault.code) for fault in caught.value.fields] == [("cursor", "cursor_invalid")]


@given(keys, st.integers(0, 10_000), st.integers(0, 7))
def test_a_bent_cursor_is_refused(key: ReviewKey, place: int, bit: int) -> None:
    cursor = encode_cursor(key)
    data = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(InvalidInput):
        decode_cursor(urlsafe_b64encode(data).decode(), ReviewKey)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor(OtherKey(1)), NumberKey)


def test_a_cursor_has_a_length() -> None:
    class TextKey(msgspec.Struct, frozen=True):
        text: str

    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor(TextKey("x" * CURSOR_LENGTH_MAX)), TextKey)


def test_a_page_on_the_wire() -> None:
    page = page_of([uuid4(), uuid4()], 2, lambda row: OtherKey(row.int), total=2)
    assert msgspec.json.decode(msgspec.json.encode(page)) == {
        "items": [str(row) for row in page.items],
        "next_cursor": None,
        "total": 2,
    }
    assert msgspec.json.encode(Page([], None)) == b'{"items":[],"next_cursor":null}'
