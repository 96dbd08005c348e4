"""A player saves on one device and goes on on another, through Envoy: names of files in Cyrillic, with signs that proxies read in their own way."""

from urllib.parse import quote
from uuid import UUID

import pytest
from yarl import URL

from samovar.kit.clock import SystemClock
from samovar.kit.ids import new_id
from samovar.services.library.licences.use_cases import Licences
from samovar.testing.platform import Platform
from tests.journeys.test_publishing import inside, somebody
from tests.services.library.licences.grants import wanted


@pytest.mark.parametrize("safe", ["", ":"], ids=["escaped", "colons as they are"])
@pytest.mark.parametrize(
    "path", ["Слот 1:Глава №2:игра.sav", "a%2e%2e:100% #1 + & = ~.sav", "..hidden:и ё.sav"]
)
async def test_a_save_goes_through_the_gateway_under_its_own_name(
    platform: Platform, path: str, safe: str
) -> None:
    me, game = await somebody(platform), new_id()
    async with inside(platform, "library") as database:
        licences = Licences(database, clock=SystemClock(), new_id=new_id)
        await licences.grant(wanted(account_id=UUID(me.account_id), app_ids=(game,)))
    saves = f"/v1/library/{game}/saves"
    file = f"{saves}/{quote(path, safe=safe)}"

    def url(tail: str = "") -> URL:
        return URL(file + tail, encoded=True)

    first = await me.ask("PUT", url("?device_id=pc"), data=b"one" * 300_000, headers={"If-None-Match": "*"})
    assert first.status == 201, first.body
    apart = await me.ask("PUT", url("?device_id=deck"), data=b"two" * 300_000, headers={"If-None-Match": "*"})
    assert (apart.status, apart.body["code"]) == (412, "save.conflict")
    chosen = await me.ask("PUT", url("/current"), json={"version_id": apart.body["yours"]})
    assert chosen.status == 200, chosen.body
    got = await me.ask("GET", url())
    assert (got.status, got.body) == (200, b"two" * 300_000)
    part = await me.ask("GET", url(), headers={"Range": "bytes=3-5"})
    assert (part.status, part.body) == (206, b"two")
    listed = await me.ask("GET", saves)
    assert [one["path"] for one in listed.body["items"]] == [path]
    versions = await me.ask("GET", url("/versions"))
    assert len(versions.body["items"]) == 2
