"""What belongs to a game comes to the store and leaves it with the game."""

import asyncio
from typing import Any

import pytest

from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import EditingStub
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.editing.desk import Desk, picture

_REASON = {"reason": "в порядке"}


class Shop:
    """A game and what belongs to it."""

    def __init__(self, catalog: Running) -> None:
        self.desk = Desk(catalog)
        self.game = ""
        self.slug = ""

    async def open(self, **patch: Any) -> None:
        """Make a game; it is no more than a draft."""
        self.game = await self.desk.whole()
        answer = await self.desk.ask("PATCH", f"/{self.game}", json=patch)
        self.slug = answer.body["page"]["slug"]

    async def add(self, kind: str = "dlc", stage: str = "released") -> str:
        """Make a draft of what belongs to the game, with all that its page needs."""
        app_id = await self.desk.new(kind=kind, base=self.slug)
        changed = await self.desk.ask(
            "PATCH",
            f"/{app_id}",
            json={
                "texts": {"ru": {"description": "Очень подробно."}},
                "media": [await picture(self.desk.catalog)],
                "licence": "MIT",
                "release": {"stage": stage},
            },
        )
        assert changed.status == 200, changed.body
        return app_id

    async def move(self, app_id: str, how: str) -> Answer:
        """Publish, withdraw or restore."""
        return await self.desk.moderate("POST", f"/{app_id}/{how}", json=_REASON)

    async def state(self, app_id: str) -> str:
        """Return the state of an app."""
        return str((await self.desk.moderate("GET", f"/{app_id}")).body["state"])


@pytest.fixture
async def shop(catalog: Running) -> Shop:
    shop = Shop(catalog)
    await shop.open()
    return shop


async def test_a_dlc_comes_after_its_game(shop: Shop) -> None:
    dlc = await shop.add()
    refused = await shop.move(dlc, "publish")
    assert (refused.status, refused.body["code"]) == (409, "catalog.base_not_published")
    assert shop.slug in refused.body["detail"]
    async with shop.desk.catalog.channel() as channel:
        stub: Any = EditingStub(channel)
        before = await stub.GetDraft(v1_pb2.GetDraftRequest(app_id=dlc))
        assert (before.base_app_id, before.needs_base) == (shop.game, True)
        assert (await shop.move(shop.game, "publish")).status == 200
        after = await stub.GetDraft(v1_pb2.GetDraftRequest(app_id=dlc))
        assert (after.needs_base, list(after.needed)) == (False, [])
    assert (await shop.move(dlc, "publish")).body["state"] == "published"


@pytest.mark.parametrize(
    ("kind", "stage", "status"),
    [
        ("dlc", "released", 409),
        ("soundtrack", "early_access", 409),
        ("dlc", "coming_soon", 200),
        ("demo", "released", 200),
    ],
)
async def test_nothing_but_a_demo_is_out_before_the_game(
    catalog: Running, kind: str, stage: str, status: int
) -> None:
    shop = Shop(catalog)
    await shop.open(release={"stage": "coming_soon"})
    assert (await shop.move(shop.game, "publish")).status == 200
    assert (await shop.move(await shop.add(kind, stage), "publish")).status == status


async def test_what_belongs_to_a_game_leaves_and_returns_with_it(shop: Shop) -> None:
    await shop.move(shop.game, "publish")
    dlc, music, gone, draft = [await shop.add(kind) for kind in ("dlc", "soundtrack", "dlc", "dlc")]
    for one in (dlc, music, gone):
        await shop.move(one, "publish")
    await shop.move(gone, "withdraw")
    for _ in range(2):
        assert (await shop.move(shop.game, "withdraw")).status == 200
        assert [await shop.state(one) for one in (dlc, music, gone, draft)] == [
            "withdrawn",
            "withdrawn",
            "withdrawn",
            "draft",
        ]
    public = await shop.desk.catalog.request("GET", f"/v1/games/{dlc}")
    assert public.status == 404
    refused = await shop.move(dlc, "restore")
    assert (refused.status, refused.body["code"]) == (409, "catalog.base_not_published")
    # By now somebody wants it away, whatever becomes of the game.
    assert (await shop.move(music, "withdraw")).status == 200
    assert (await shop.move(shop.game, "restore")).status == 200
    assert [await shop.state(one) for one in (dlc, music, gone, draft)] == [
        "published",
        "withdrawn",
        "withdrawn",
        "draft",
    ]
    history = (await shop.desk.ask("GET", f"/{dlc}/history")).body["items"]
    assert [one["reason"] for one in history[:2]] == [f"with {shop.slug}: в порядке"] * 2
    assert (await shop.desk.catalog.request("GET", f"/v1/games/{dlc}")).status == 200


async def test_a_dlc_that_comes_while_its_game_leaves_is_not_left_alone(shop: Shop) -> None:
    await shop.move(shop.game, "publish")
    dlcs = [await shop.add() for _ in range(4)]
    answers = await asyncio.gather(
        *(shop.move(dlc, "publish") for dlc in dlcs[:2]),
        shop.move(shop.game, "withdraw"),
        *(shop.move(dlc, "publish") for dlc in dlcs[2:]),
    )
    assert {answer.status for answer in answers} <= {200, 409}
    for dlc in dlcs:
        assert await shop.state(dlc) in {"draft", "withdrawn"}
