"""Every process answers for its services; one that holds nothing says so."""

import gzip
from typing import Any

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.errors import InvalidInput, NotFound
from samovar.kit.personal_data.v1_pb2 import EraseRequest, ExportRequest
from samovar.kit.personal_data.v1_pb2_grpc import PersonalDataStub
from samovar.kit.runtime import Service
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer

SOMEBODY = "01890a5d-ac96-774b-bcce-b302099a8057"
WITH_DATABASE = Service(name="shelf", summary="Holds nothing yet", package="samovar.services.social")


@pytest.fixture
def servers(postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer) -> dict[str, Any]:
    return {"postgres": postgres, "redis_url": redis_url, "nats_url": nats_url, "issuer": issuer}


async def test_a_service_that_holds_nothing_says_so(servers: dict[str, Any]) -> None:
    async with running(WITH_DATABASE, **servers) as shelf, shelf.channel() as channel:
        stub: Any = PersonalDataStub(channel)
        exported = await stub.Export(ExportRequest(service="shelf", account_id=SOMEBODY))
        assert (gzip.decompress(exported.document), dict(exported.rows)) == (b"{}", {})
        assert dict((await stub.Erase(EraseRequest(service="shelf", account_id=SOMEBODY))).counts) == {}


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (ExportRequest(service="pantry", account_id=SOMEBODY), NotFound),
        (ExportRequest(service="shelf", account_id="nobody"), InvalidInput),
        (ExportRequest(service="shelf", account_id=SOMEBODY, addresses=["x"] * 21), InvalidInput),
    ],
)
async def test_nonsense_is_refused(
    servers: dict[str, Any], request_: ExportRequest, refusal: type[Exception]
) -> None:
    async with running(WITH_DATABASE, **servers) as shelf, shelf.channel() as channel:
        stub: Any = PersonalDataStub(channel)
        with pytest.raises(refusal):
            await stub.Export(request_)
