"""Pictures of pages over REST."""

import io
from uuid import uuid4

import pytest

from samovar.testing.hosting import Answer, Running
from tests.services.catalog.media.pictures import picture, png_of

LARGE = 1_048_576


async def send(
    catalog: Running,
    content: bytes,
    kind: str = "image/png",
    *,
    roles: tuple[str, ...] = ("player", "developer"),
) -> Answer:
    return await catalog.request(
        "POST",
        "/v1/dev/media",
        account_id=uuid4(),
        roles=roles,
        data=io.BytesIO(content),
        headers={"Content-Type": kind},
        # Refused by its length alone, a large body is not waited for: whoever is still sending it may meet a closed connection.
        expect100=len(content) > LARGE,
    )


async def test_a_picture_is_shown_for_ever_and_asked_for_again_in_vain(catalog: Running) -> None:
    sent = await send(catalog, picture(size=(700, 350)))
    assert (sent.status, sent.body["width"], sent.body["height"]) == (201, 700, 350)
    url = f"/v1/media/{sent.body['image']}"
    whole, small = await catalog.request("GET", url), await catalog.request("GET", f"{url}?width=320")
    assert (whole.status, whole.headers["content-type"], small.status) == (200, "image/webp", 200)
    assert "immutable" in whole.headers["cache-control"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert len(small.body) < len(whole.body)
    assert small.headers["etag"] != whole.headers["etag"]
    again = await catalog.request(
        "GET", f"{url}?width=320", headers={"If-None-Match": f"W/{small.headers['etag']}"}
    )
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", small.headers["etag"])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"not a picture", "image/png", 422),
        (b"", "image/png", 422),
        (picture(size=(9, 9)), "image/png", 422),
        (png_of(30_000, 30_000), "image/png", 422),
        (picture("GIF"), "image/png", 422),
        (picture(), "text/html", 415),
        (b"<svg/>", "image/svg+xml", 415),
        (b"\x89PNG" + bytes(16 * 1_048_576), "image/png", 413),
    ],
    ids=["text", "nothing", "small", "bomb", "gif", "html", "svg", "large"],
)
async def test_what_is_no_picture_is_refused(
    catalog: Running, content: bytes, kind: str, status: int
) -> None:
    assert (await send(catalog, content, kind)).status == status


async def test_a_player_sends_no_pictures_of_pages(catalog: Running) -> None:
    assert (await send(catalog, picture(), roles=("player",))).status == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v1/media/{'ab' * 32}", 404),
        (f"/v1/media/{'ab' * 32}?width=320", 404),
        (f"/v1/media/{'ab' * 32}?width=321", 422),
        ("/v1/media/..%2f..%2fetc%2fpasswd", 404),
        ("/v1/media/AB", 422),
    ],
)
async def test_what_is_not_there_is_not_shown(catalog: Running, path: str, status: int) -> None:
    assert (await catalog.request("GET", path)).status == status
