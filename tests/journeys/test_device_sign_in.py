"""A television is let in by a phone, through Envoy."""

from samovar.testing.platform import Platform


async def test_a_television_is_let_in_by_a_phone(platform: Platform) -> None:
    phone = (await platform.register()).body
    began = await platform.request("POST", "/v1/auth/device", json={"device_name": "Телевизор"})
    assert began.status == 200
    poll = {"device_code": began.body["device_code"]}
    early = await platform.request("POST", "/v1/auth/device/token", json=poll)
    assert (early.status, early.body["code"]) == (400, "auth.authorization_pending")
    hasty = await platform.request("POST", "/v1/auth/device/token", json=poll)
    assert (hasty.status, hasty.body["code"]) == (429, "auth.slow_down")
    assert hasty.headers["retry-after"] == "10"
    path = f"/v1/auth/device/{began.body['user_code']}"
    stranger = await platform.request("GET", path)
    assert stranger.status == 401
    seen = await platform.request("GET", path, token=phone["access_token"])
    assert seen.body["device_name"] == "Телевизор"
    assert seen.body["is_same_network"] is True
    number = {"number": began.body["match_number"]}
    done = await platform.request("POST", f"{path}/approve", json=number, token=phone["access_token"])
    assert done.status == 204
    async with platform.database("auth") as database, database.transaction() as tx:
        await tx.execute("UPDATE device_requests SET polled_at = NULL")
    came = await platform.request("POST", "/v1/auth/device/token", json=poll)
    me = await platform.request("GET", "/v1/auth/me", token=came.body["access_token"])
    assert (me.body["account_id"], me.body["amr"]) == (phone["account_id"], ["pwd", "mca"])
    listed = await platform.request("GET", "/v1/auth/sessions", token=phone["access_token"])
    assert {session["device"]["name"] for session in listed.body["items"]} >= {"Телевизор"}


async def test_the_page_and_the_endpoint_for_programs_are_reached_through_the_gateway(
    platform: Platform,
) -> None:
    page = await platform.request("GET", "/device", headers={"Accept-Language": "ru"})
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Вход на другом устройстве" in page.body.decode()
    fields = {"client_id": "samovar-desktop"}
    began = await platform.request("POST", "/oauth2/device_authorization", data=fields)
    assert (began.status, began.headers["cache-control"]) == (200, "no-store")
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": began.body["device_code"],
        **fields,
    }
    pending = await platform.request("POST", "/oauth2/token", data=poll)
    assert (pending.status, pending.body["error"]) == (400, "authorization_pending")
