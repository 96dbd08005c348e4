"""A client at the front door: everything goes through Envoy to real services and back."""

import pytest

from samovar.testing.platform import Platform

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_person_registers_returns_and_leaves(platform: Platform) -> None:
    came = await platform.register()
    assert came.status == 201
    me = await platform.request("GET", "/v1/auth/me", token=came.body["access_token"])
    assert (me.status, me.body["account_id"], me.body["roles"]) == (200, came.body["account_id"], ["player"])
    renewed = await platform.request(
        "POST", "/v1/auth/refresh", json={"refresh_token": came.body["refresh_token"]}
    )
    assert renewed.status == 200
    token = renewed.body["access_token"]
    assert (await platform.request("POST", "/v1/auth/logout", token=token)).status == 204
    refused = await platform.request("GET", "/v1/auth/me", token=token)
    assert (refused.status, refused.body["code"]) == (401, "auth.session_revoked")


async def test_the_home_page_is_one_call(platform: Platform) -> None:
    came = await platform.register()
    known = await platform.request("GET", "/v1/pages/home", token=came.body["access_token"])
    stranger = await platform.request("GET", "/v1/pages/home")
    assert (known.body["me"]["account_id"], known.body["partial"]) == (came.body["account_id"], False)
    assert (stranger.body["me"], stranger.body["partial"], stranger.body["missing"]) == (None, False, [])
    # What other journeys have released stands in the store, too.
    assert {type(stranger.body[part]["items"]) for part in ("popular", "recommended")} == {list}


async def test_the_library_is_one_call_for_whoever_signed_in(platform: Platform) -> None:
    came = await platform.register()
    page = await platform.request("GET", "/v1/pages/library?sort=title", token=came.body["access_token"])
    assert (page.status, page.body["partial"], page.body["missing"]) == (200, False, [])
    assert [page.body[part]["items"] for part in ("games", "recent", "collections", "downloads")] == [[]] * 4
    assert page.body["me"]["account_id"] == came.body["account_id"]
    assert (await platform.request("GET", "/v1/pages/library")).status == 401


@pytest.mark.parametrize("path", ["/v1/pages/home", "/v1/pages/games/anything"])
async def test_a_screen_for_a_country_that_there_is_not_is_refused(platform: Platform, path: str) -> None:
    answer = await platform.request("GET", f"{path}?country=XX")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "country")
    assert answer.body["errors"][0]["code"] == "country_unknown"


async def test_the_platform_tells_how_it_is(platform: Platform) -> None:
    status = (await platform.request("GET", "/v1/status")).body
    assert (status["status"], len(status["services"])) == ("ready", 12)
    assert {service["status"] for service in status["services"].values()} == {"ready"}
    assert (await platform.request("GET", "/healthz")).body == {"status": "ok"}


async def test_the_contract_and_its_page_are_served_with_validators(platform: Platform) -> None:
    document = await platform.request("GET", "/openapi.json")
    assert document.body["openapi"] == "3.1.0"
    assert {"/v1/auth/login", "/v1/status"} <= set(document.body["paths"])
    assert not any(path.startswith("/readyz") for path in document.body["paths"])
    again = await platform.request(
        "GET", "/openapi.json", headers={"If-None-Match": document.headers["etag"]}
    )
    assert again.status == 304
    page = await platform.request("GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/metrics", "/readyz", "/livez", "/nowhere", "/v1/../metrics", "/v1//auth/me/"]
)
async def test_the_inside_cannot_be_reached(platform: Platform, path: str) -> None:
    answer = await platform.request("GET", path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_one_trace_runs_from_the_client_to_the_consumer(platform: Platform) -> None:
    person = {"traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01"}
    came = await platform.register()
    platform.collector.spans.clear()
    token = came.body["access_token"]
    went = await platform.request("POST", "/v1/auth/logout", token=token, headers=person)
    assert went.status == 204

    door, consumer = "auth POST /v1/auth/logout", "list_revoked_session"

    async def complete() -> bool:
        edges = platform.collector.edges()
        is_asked = any(child == door for _, child in edges)
        return is_asked and any(consumer in span.name for span in platform.collector.spans)

    await platform.until(complete, within_s=30)
    names = {f"{span.service} {span.name}" for span in platform.collector.spans if span.trace_id == TRACE_ID}
    assert {door, "auth COMMIT", "auth INSERT kit.outbox"} <= names
    assert any(consumer in name for name in names)
