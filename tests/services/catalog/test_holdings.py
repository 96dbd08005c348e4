"""A person gets what catalog holds of them, and nothing of it is left after they are erased; what counted them counts them no more."""

import gzip
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.kit.personal_data.declaration import Holding
from samovar.kit.personal_data.v1_pb2 import EraseRequest, ExportRequest
from samovar.kit.personal_data.v1_pb2_grpc import PersonalDataStub
from samovar.services.catalog.holdings import HOLDINGS
from samovar.services.catalog.reviews import repository
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.domain import Move, Review
from samovar.testing.hosting import Running
from tests.services.catalog.pages import name_creators, publish


async def write_review(database: Database, account_id: UUID, app_id: UUID) -> None:
    review = Review(
        id=uuid4(),
        app_id=app_id,
        account_id=account_id,
        recommended=True,
        text="Моё мнение",
        language="ru",
        play_minutes=None,
        acquired_as="purchase",
        helpfulness=0,
        created_at=datetime.now(UTC),
    )
    async with database.transaction() as tx:
        await repository.insert_review(tx, review)
        await tally.apply(tx, [Move(None, review.standing())], review.created_at)


async def test_what_becomes_of_every_table_is_said(own_database: Database) -> None:
    held = {table.name for table in (await Holding.read(own_database, HOLDINGS)).tables}
    assert held >= {
        "reviews",
        "review_votes",
        "review_answers",
        "held_licences",
        "wishes",
        "followed_creators",
    }


async def test_a_person_is_exported_and_erased(catalog: Running) -> None:
    account_id = uuid4()
    app_id = await publish(catalog.database, "a-game-of-the-erased", age={"rating": 0})
    await name_creators(catalog.database, "a-maker-of-the-erased")
    maker = await catalog.database.fetch_value("SELECT id FROM creators WHERE slug = 'a-maker-of-the-erased'")
    for path in (f"/v1/wishlist/{app_id}", f"/v1/followed/{maker}"):
        assert (await catalog.request("PUT", path, account_id=account_id)).status == 200
    await write_review(catalog.database, account_id, app_id)
    who: dict[str, Any] = {"service": "catalog", "account_id": str(account_id)}
    async with catalog.channel() as channel:
        stub: Any = PersonalDataStub(channel)
        exported = msgspec.json.decode(gzip.decompress((await stub.Export(ExportRequest(**who))).document))
        erased = [dict((await stub.Erase(EraseRequest(**who))).counts) for _ in range(2)]
    assert exported["reviews"][0]["text"] == "Моё мнение"
    assert (len(exported["wishes"]), len(exported["followed_creators"])) == (1, 1)
    assert erased[0]["wishes"] == 1
    assert not any(erased[1].values())
    assert (
        await catalog.database.fetch_value("SELECT count(*) FROM reviews WHERE account_id = $1", account_id)
        == 0
    )
    assert await catalog.database.fetch_value("SELECT followers FROM creators WHERE id = $1", maker) == 0
