"""REST of library: what a player sees of their own, and of nobody else's."""

from uuid import UUID, uuid4

from samovar.kit.ids import new_id
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.testing.hosting import Running


async def _grant(library: Running, account_id: UUID, *app_ids: UUID) -> None:
    async with library.channel() as channel:
        await LicencesStub(channel).GrantLicence(
            v1_pb2.GrantLicenceRequest(
                account_id=str(account_id),
                app_ids=[str(app_id) for app_id in app_ids],
                kind=v1_pb2.LICENCE_KIND_GIFT,
                source="gift",
                source_id=new_id().hex,
            )
        )


async def test_a_player_sees_what_they_own(library: Running) -> None:
    me, other = uuid4(), uuid4()
    first, second = new_id(), new_id()
    await _grant(library, me, first)
    await _grant(library, me, second)
    await _grant(library, other, new_id())
    page = await library.request("GET", "/v1/library?limit=1", account_id=me)
    assert [item["game_id"] for item in page.body["items"]] == [str(second)]
    assert page.body["items"][0]["kinds"] == ["gift"]
    cursor = page.body["next_cursor"]
    rest = await library.request("GET", f"/v1/library?limit=1&cursor={cursor}", account_id=me)
    assert [item["game_id"] for item in rest.body["items"]] == [str(first)]
    assert rest.body["next_cursor"] is None
    game = await library.request("GET", f"/v1/library/{first}", account_id=me)
    assert (game.status, game.body["expires_at"], len(game.body["licences"])) == (200, None, 1)


async def test_what_one_does_not_own_is_not_there(library: Running) -> None:
    theirs = new_id()
    await _grant(library, uuid4(), theirs)
    answer = await library.request("GET", f"/v1/library/{theirs}", account_id=uuid4())
    assert (answer.status, answer.body["code"]) == (404, "library.game_not_found")
    assert (await library.request("GET", "/v1/library")).status == 401
    empty = await library.request("GET", "/v1/library", account_id=uuid4())
    assert empty.body == {"items": [], "next_cursor": None, "total": 0}


async def test_a_broken_cursor_is_the_callers_fault(library: Running) -> None:
    answer = await library.request("GET", "/v1/library?cursor=broken", account_id=uuid4())
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "cursor")
    assert (await library.request("GET", "/v1/library/1", account_id=uuid4())).status in {404, 422}


async def test_the_query_is_read_strictly(library: Running) -> None:
    me, mine = uuid4(), new_id()
    await _grant(library, me, mine)
    for query in ("sort=price", "access=stolen", "collection=1", "hidden=perhaps", "kind=book"):
        answer = await library.request("GET", f"/v1/library?{query}", account_id=me)
        assert (answer.status, answer.body["errors"][0]["field"].partition("[")[0]) == (
            422,
            query.partition("=")[0],
        )
    query = "query=%D1%91&sort=title&access=owned&access=trial&favourite=false"
    answer = await library.request("GET", f"/v1/library?{query}", account_id=me)
    assert (answer.status, answer.body["total"]) == (200, 0)


async def test_a_game_is_marked(library: Running) -> None:
    me, mine = uuid4(), new_id()
    await _grant(library, me, mine)
    path = f"/v1/library/{mine}"
    marked = await library.request("PATCH", path, account_id=me, json={"is_favourite": True})
    assert (marked.status, marked.body["is_favourite"], marked.body["is_hidden"]) == (200, True, False)
    refused = await library.request("PATCH", path, account_id=me, json={"is_hidden": "yes"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "is_hidden")
    unknown = await library.request(
        "PATCH", path, account_id=me, json={"is_hidden": True, "collection_ids": [str(uuid4())]}
    )
    assert (unknown.status, unknown.body["code"]) == (404, "library.collection_not_found")
    assert (await library.request("PATCH", path, account_id=uuid4(), json={})).status == 404
    assert not (await library.request("GET", path, account_id=me)).body["is_hidden"]
