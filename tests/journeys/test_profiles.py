"""A person at the front door makes a profile and is found by another."""

import io

from PIL import Image

from samovar.testing.platform import Platform

ME = "/v1/accounts/me"


async def newcomer(platform: Platform) -> tuple[str, str]:
    """Register somebody; return their id and their token."""
    came = await platform.register()
    assert came.status == 201
    return came.body["account_id"], came.body["access_token"]


async def test_a_newcomer_makes_a_profile_shows_a_picture_and_is_found(platform: Platform) -> None:
    account_id, token = await newcomer(platform)
    _, other = await newcomer(platform)
    # No waiting: the profile is there for whoever has just registered.
    me = await platform.request("GET", ME, token=token)
    assert (me.status, me.body["account_id"]) == (200, account_id)
    named = await platform.request(
        "PATCH",
        ME,
        token=token,
        json={"display_name": "Путешественник Ёжик", "bio": "слово " * 150},
        headers={"If-Match": me.headers["etag"]},
    )
    assert named.status == 200, named.body
    # Compressed on its way, the answer has a weak tag; it counts all the same.
    again = await platform.request("GET", ME, token=token, headers={"Accept-Encoding": "gzip"})
    assert again.headers["etag"].removeprefix("W/") == named.headers["etag"].removeprefix("W/")
    late = await platform.request(
        "PATCH", ME, token=token, json={"bio": ""}, headers={"If-Match": me.headers["etag"]}
    )
    assert (late.status, late.body["code"]) == (412, "request.precondition_failed")
    renewed = await platform.request(
        "PATCH", ME, token=token, json={"bio": "коротко"}, headers={"If-Match": again.headers["etag"]}
    )
    assert renewed.status == 200, renewed.body
    found = await platform.request("GET", "/v1/accounts?query=путешественник ежик", token=other)
    assert account_id in [one["account_id"] for one in found.body["items"]]
    shown = await platform.request("GET", f"/v1/accounts/{account_id}", token=other)
    assert (shown.body["bio"], "birth_date" in shown.body) == ("коротко", False)
    history = await platform.request("GET", f"{ME}/activity", token=token)
    assert {"profile_changed"} <= {action["kind"] for action in history.body["items"]}


async def test_a_large_picture_passes_the_gateway_and_a_larger_one_does_not(platform: Platform) -> None:
    _, token = await newcomer(platform)
    out = io.BytesIO()
    Image.effect_noise((1_500, 1_500), 80).save(out, "PNG")
    content = out.getvalue()
    assert 1_048_576 < len(content) < 4 * 1_048_576
    kind = {"Content-Type": "image/png"}
    sent = await platform.request("PUT", f"{ME}/avatar", token=token, data=io.BytesIO(content), headers=kind)
    assert sent.status == 200, sent.body
    picture = await platform.request("GET", f"{sent.body['avatar_url']}?size=64")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in picture.headers["cache-control"]
    larger = await platform.request(
        "PUT", f"{ME}/avatar", token=token, data=io.BytesIO(content * 3), headers=kind
    )
    assert (larger.status, larger.headers["content-type"]) == (413, "application/problem+json")
