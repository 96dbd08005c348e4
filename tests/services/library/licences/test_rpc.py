"""gRPC of library, as payment and catalog call it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.errors import Conflict, InvalidInput, NotFound
from samovar.kit.ids import new_id
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.testing.hosting import Running


@pytest.fixture
async def licences(library: Running) -> AsyncIterator[Any]:
    async with library.channel() as channel:
        yield LicencesStub(channel)


def _grant(**said: Any) -> v1_pb2.GrantLicenceRequest:
    return v1_pb2.GrantLicenceRequest(
        **{
            "account_id": str(uuid4()),
            "app_ids": [str(new_id())],
            "kind": v1_pb2.LICENCE_KIND_PURCHASE,
            "source": "order",
            "source_id": new_id().hex,
            **said,
        }
    )


def _in(delta: timedelta) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(datetime.now(UTC) + delta)
    return timestamp


async def test_what_is_granted_is_owned_until_it_is_revoked(licences: Any, library: Running) -> None:
    request = _grant(package_id=str(uuid4()))
    granted = await licences.GrantLicence(request)
    assert granted.is_new
    assert (granted.licence.kind, granted.licence.version) == (v1_pb2.LICENCE_KIND_PURCHASE, 1)
    foreign = str(new_id())
    asked = v1_pb2.BatchCheckRequest(account_id=request.account_id, app_ids=[*request.app_ids, foreign])
    holdings = (await licences.BatchCheck(asked)).holdings
    assert holdings[request.app_ids[0]].since == granted.licence.granted_at
    assert (
        holdings[request.app_ids[0]].HasField("play_minutes"),
        holdings[foreign].HasField("play_minutes"),
    ) == (True, False)
    assert (
        holdings[request.app_ids[0]].HasField("play_seconds"),
        holdings[foreign].HasField("play_seconds"),
    ) == (True, False)
    assert (holdings[foreign].owned, holdings[foreign].HasField("since")) == (False, False)
    again = await licences.GrantLicence(request)
    assert (again.is_new, again.licence.licence_id) == (False, granted.licence.licence_id)
    told = [one for one in await library.events(LicenceGranted) if str(one.account_id) == request.account_id]
    assert [(str(one.package_id), one.kind) for one in told] == [(request.package_id, "purchase")]

    by_source = v1_pb2.RevokeLicenceRequest(source="order", source_id=request.source_id, reason="refunded")
    ended = (await licences.RevokeLicence(by_source)).licence
    assert (ended.version, ended.revoke_reason) == (2, "refunded")
    by_id = v1_pb2.RevokeLicenceRequest(licence_id=ended.licence_id, reason="again")
    assert (await licences.RevokeLicence(by_id)).licence == ended
    assert not (await licences.BatchCheck(asked)).holdings[request.app_ids[0]].owned
    gone = [one for one in await library.events(LicenceRevoked) if str(one.account_id) == request.account_id]
    assert [one.reason for one in gone] == ["refunded"]


async def test_what_has_ended_is_told_without_being_asked(licences: Any, library: Running) -> None:
    request = _grant(kind=v1_pb2.LICENCE_KIND_TRIAL, expires_at=_in(timedelta(seconds=1)))
    licence = (await licences.GrantLicence(request)).licence
    reason = await library.until("SELECT revoke_reason FROM licences WHERE id = $1", UUID(licence.licence_id))
    assert reason == "expired"
    assert [
        one.reason
        for one in await library.events(LicenceRevoked)
        if str(one.licence_id) == licence.licence_id
    ] == ["expired"]


async def test_licences_are_listed_page_by_page(licences: Any) -> None:
    account_id = str(uuid4())
    granted = [(await licences.GrantLicence(_grant(account_id=account_id))).licence for _ in range(3)]
    first = await licences.ListLicences(v1_pb2.ListLicencesRequest(account_id=account_id, limit=2))
    assert list(first.licences) == granted[:2]
    after = v1_pb2.ListLicencesRequest(account_id=account_id, after_licence_id=first.licences[-1].licence_id)
    assert list((await licences.ListLicences(after)).licences) == granted[2:]
    everybody = v1_pb2.ListLicencesRequest(after_licence_id=granted[0].licence_id)
    assert granted[1] in (await licences.ListLicences(everybody)).licences


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"account_id": "nobody"}, "account_id"),
        ({"app_ids": ["1"]}, "app_ids"),
        ({"package_id": ""}, "package_id"),
        ({"kind": v1_pb2.LICENCE_KIND_UNSPECIFIED}, "kind"),
        ({"kind": 77}, "kind"),
        ({"source": ""}, "source"),
        ({"expires_at": Timestamp(seconds=2**61)}, "expires_at"),
        ({"expires_at": Timestamp(seconds=1)}, "expires_at"),
    ],
)
async def test_nonsense_names_its_field(licences: Any, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await licences.GrantLicence(_grant(**said))
    assert [fault.field for fault in refused.value.fields] == [field]


async def test_refusals_have_their_codes(licences: Any) -> None:
    request = _grant()
    await licences.GrantLicence(request)
    with pytest.raises(Conflict) as refused:
        await licences.GrantLicence(_grant(source_id=request.source_id))
    assert refused.value.code == "library.source_conflict"
    with pytest.raises(NotFound) as missing:
        await licences.RevokeLicence(v1_pb2.RevokeLicenceRequest(licence_id=str(uuid4()), reason="refunded"))
    assert missing.value.code == "library.licence_not_found"
    with pytest.raises(InvalidInput):
        await licences.BatchCheck(
            v1_pb2.BatchCheckRequest(account_id=str(uuid4()), app_ids=[str(new_id()) for _ in range(501)])
        )
