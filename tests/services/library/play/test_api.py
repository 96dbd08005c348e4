"""REST and gRPC of play: what a client may say, and what it is answered when it says nonsense."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.identity import RoleGrant
from samovar.kit.ids import new_id
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub, PlayTimeStub
from samovar.testing.hosting import Running
from tests.services.library.apps.announcing import announce


async def _own(
    library: Running, account_id: UUID, kind: v1_pb2.LicenceKind.ValueType = v1_pb2.LICENCE_KIND_PURCHASE
) -> UUID:
    app_id = new_id()
    async with library.channel() as channel:
        stub: Any = LicencesStub(channel)
        await stub.GrantLicence(
            v1_pb2.GrantLicenceRequest(
                account_id=str(account_id),
                app_ids=[str(app_id)],
                kind=kind,
                source="order",
                source_id=new_id().hex,
            )
        )
    return app_id


async def test_a_session_from_its_start_to_its_end(library: Running) -> None:
    me = uuid4()
    app_id = await _own(library, me)
    path = f"/v1/library/{app_id}/play-sessions"
    started = await library.request("POST", path, account_id=me, json={"device_id": "pc-1"})
    assert (started.status, started.body["ended_at"], started.body["heartbeat_every_s"]) == (201, None, 60)
    session = f"{path}/{started.body['session_id']}"
    beaten = await library.request("POST", f"{session}/heartbeat", account_id=me, json={"seq": 1})
    assert (beaten.status, beaten.body["session_id"]) == (200, started.body["session_id"])
    theirs = await library.request("POST", f"{session}/heartbeat", account_id=uuid4(), json={})
    assert (theirs.status, theirs.body["code"]) == (404, "library.play_session_not_found")
    for _ in range(2):
        ended = await library.request("POST", f"{session}/end", account_id=me)
        assert (ended.status, ended.body["end_reason"]) == (200, "ended")
    over = await library.request("POST", f"{session}/heartbeat", account_id=me, json={})
    assert (over.status, over.body["code"]) == (409, "library.play_session_over")
    listed = await library.request("GET", "/v1/library", account_id=me)
    assert listed.body["items"][0]["play_minutes"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device_id": ""},
        {"device_id": "x" * 65},
        {"device_id": "мой компьютер"},
        {"device_id": "pc\n"},
        {"device_id": "pc", "client_session_id": "1"},
        {"device_id": "pc", "played_s": 9_999_999},
    ],
)
async def test_a_nonsense_start_is_refused(library: Running, body: dict[str, object]) -> None:
    me = uuid4()
    path = f"/v1/library/{await _own(library, me)}/play-sessions"
    assert (await library.request("POST", path, account_id=me, json=body)).status == 422
    assert (await library.request("POST", path, json={"device_id": "pc"})).status == 401
    stranger = await library.request("POST", path, account_id=uuid4(), json={"device_id": "pc"})
    assert (stranger.status, stranger.body["code"]) == (404, "library.game_not_found")


@pytest.mark.parametrize(
    ("begun", "ended", "field"),
    [
        ("2999-01-01T00:00:00Z", "2999-01-01T01:00:00Z", "sessions[0].ended_at"),
        ("0001-01-01T00:00:00Z", "0001-01-01T01:00:00Z", "sessions[0].started_at"),
        ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "sessions[0].ended_at"),
        ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "sessions[0].ended_at"),
    ],
)
async def test_what_cannot_have_been_played_is_refused_by_name(
    library: Running, begun: str, ended: str, field: str
) -> None:
    me = uuid4()
    app_id = await _own(library, me)
    session = {"client_session_id": str(uuid4()), "started_at": begun, "ended_at": ended}
    answer = await library.request(
        "POST",
        f"/v1/library/{app_id}/play-sessions/offline",
        account_id=me,
        json={"device_id": "pc", "sessions": [session]},
    )
    assert (answer.status, [fault["field"] for fault in answer.body["errors"]]) == (422, [field])
    assert (
        await library.database.fetch_value("SELECT count(*) FROM play_sessions WHERE account_id = $1", me)
        == 0
    )


async def test_play_time_reaches_other_services(library: Running) -> None:
    me = uuid4()
    app_id, never = await _own(library, me), new_id()
    async with library.database.transaction() as tx:
        await tx.execute(
            "UPDATE licences SET granted_at = granted_at - interval '2 days' WHERE account_id = $1", me
        )
    now = datetime.now(UTC)
    session = {
        "client_session_id": str(uuid4()),
        "started_at": (now - timedelta(minutes=90)).isoformat(),
        "ended_at": (now - timedelta(minutes=30)).isoformat(),
    }
    answer = await library.request(
        "POST",
        f"/v1/library/{app_id}/play-sessions/offline",
        account_id=me,
        json={"device_id": "pc", "sessions": [session]},
    )
    assert (answer.status, answer.body) == (200, {"accepted": 1, "repeated": 0, "play_minutes": 60})
    since = Timestamp()
    since.FromDatetime(now - timedelta(minutes=60))
    async with library.channel() as channel:
        play_time: Any = PlayTimeStub(channel)
        licences: Any = LicencesStub(channel)
        items = [v1_pb2.PlayedSinceItem(app_id=str(one), since=since) for one in (never, app_id)]
        played = await play_time.PlayedSince(v1_pb2.PlayedSinceRequest(account_id=str(me), items=items))
        checked = await licences.BatchCheck(
            v1_pb2.BatchCheckRequest(account_id=str(me), app_ids=[str(app_id), str(never)])
        )
    assert played.seconds[0] == 0
    assert played.seconds[1] in {1_799, 1_800}
    mine, other = checked.holdings[str(app_id)], checked.holdings[str(never)]
    assert (mine.owned, mine.play_minutes, list(mine.kinds)) == (True, 60, [v1_pb2.LICENCE_KIND_PURCHASE])
    assert (other.owned, other.HasField("play_minutes"), list(other.kinds)) == (False, False, [])


async def test_what_was_bought_in_advance_waits_for_its_release(library: Running) -> None:
    me, studio = uuid4(), uuid4()
    app_id = await _own(library, me)
    await announce(library.database, app_id, organisation_id=studio)
    path = f"/v1/library/{app_id}/play-sessions"
    started_at = datetime.now(UTC) - timedelta(seconds=20)
    offline = {
        "device_id": "pc",
        "sessions": [
            {
                "client_session_id": str(uuid4()),
                "started_at": started_at.isoformat(),
                "ended_at": (started_at + timedelta(seconds=9)).isoformat(),
            }
        ],
    }
    for where, body in ((path, {"device_id": "pc"}), (f"{path}/offline", offline)):
        refused = await library.request(
            "POST", where, account_id=me, json=body, headers={"Accept-Language": "ru"}
        )
        assert (refused.status, refused.body["code"]) == (409, "library.not_out")
        assert refused.body["title"] == "Игра ещё не вышла"
    stranger = await library.request("POST", path, account_id=uuid4(), json={"device_id": "pc"})
    assert stranger.status == 404
    assert (
        await library.database.fetch_value("SELECT count(*) FROM play_sessions WHERE app_id = $1", app_id)
        == 0
    )
    made_by_me = await library.request(
        "POST",
        path,
        account_id=me,
        json={"device_id": "pc"},
        roles=("player", "developer"),
        grants=(RoleGrant.parse(f"viewer@{studio}"),),
    )
    assert made_by_me.status == 201
    await announce(library.database, app_id, stage="released", organisation_id=studio, version=2)
    assert (await library.request("POST", path, account_id=me, json={"device_id": "pc"})).status == 201


async def test_what_an_operator_has_given_is_tried_before_its_release(library: Running) -> None:
    tester = uuid4()
    app_id = await _own(library, tester, v1_pb2.LICENCE_KIND_GRANT)
    await announce(library.database, app_id)
    path = f"/v1/library/{app_id}/play-sessions"
    assert (await library.request("POST", path, account_id=tester, json={"device_id": "pc"})).status == 201


async def test_a_key_of_what_is_not_out_waits_too(library: Running) -> None:
    me = uuid4()
    app_id = await _own(library, me, v1_pb2.LICENCE_KIND_KEY)
    await announce(library.database, app_id)
    path = f"/v1/library/{app_id}/play-sessions"
    refused = await library.request("POST", path, account_id=me, json={"device_id": "pc"})
    assert (refused.status, refused.body["code"]) == (409, "library.not_out")
