"""What notification holds of people, handed over and forgotten."""

import gzip
from uuid import uuid4

import msgspec

from samovar.kit.personal_data.declaration import Holding
from samovar.kit.personal_data.exporting import export
from samovar.services.notification.holdings import HOLDINGS
from tests.services.notification.conftest import Ears
from tests.services.notification.happenings import friend_request_closed, friend_requested, order_paid


async def test_every_table_that_names_people_says_what_becomes_of_it(ears: Ears) -> None:
    holding = await Holding.read(ears.database, HOLDINGS)
    deleted = {table.name for table in holding.tables if table.is_deleted}
    assert deleted == {
        *("notifications", "muted_categories", "people", "seats", "seat_words", "preorders"),
    }
    assert {table.name for table in holding.tables} == deleted


async def test_an_export_does_not_tell_what_was_taken_back(ears: Ears) -> None:
    me, other = uuid4(), uuid4()
    await ears.hear(order_paid(me), friend_requested(other, me), friend_request_closed(other, me))
    document, counts = await export(ears.database, HOLDINGS, me, [])
    assert counts["notifications"] == 1
    assert str(other) not in str(msgspec.json.decode(gzip.decompress(document)))
