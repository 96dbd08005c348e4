"""Keys of developers that change: the old one gives its word for the new one, and players who know it believe."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.format.manifest import introduce, key_id, open_introduction
from samovar.kit.settings import Secret
from samovar.services.download.signing import Platform
from samovar.testing.hosting import Answer
from tests.services.download.depot import Depot, Studio

NOW = 1_796_000_000


async def add(studio: Studio, key: Ed25519PrivateKey, by: Ed25519PrivateKey | None, **more: Any) -> Answer:
    told = {"name": "новый", "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode()}
    if by is not None:
        word = introduce(more.pop("whose", "developer"), key.public_key(), by, issued=NOW)
        told["introduction"] = base64.b64encode(word).decode()
    return await studio.ask(
        "POST", f"/v1/dev/organizations/{studio.organisation_id}/build-keys", json=told | more
    )


async def introduced(depot: Depot, studio: Studio) -> set[bytes]:
    """Return the keys that a player who knows the studio's first key learns of."""
    told = (await depot.player(studio).order()).body["developer_introductions"]
    known = {key_id(studio.key.public_key()): studio.key.public_key()}
    return {
        open_introduction(base64.b64decode(one), known, whose="developer").public_bytes_raw() for one in told
    }


async def test_a_key_that_the_old_one_introduces_is_told_to_players(depot: Depot) -> None:
    studio, new = await depot.studio(), Ed25519PrivateKey.generate()
    await studio.branch(await studio.push({"a": b"a"}))
    assert await introduced(depot, studio) == set()
    added = await add(studio, new, studio.key)
    assert (added.status, added.body["is_introduced"]) == (201, True)
    assert await introduced(depot, studio) == {new.public_key().public_bytes_raw()}


async def test_a_key_can_be_introduced_after_it_was_added_and_when_the_old_one_is_revoked_later(
    depot: Depot,
) -> None:
    studio, new = await depot.studio(), Ed25519PrivateKey.generate()
    await studio.branch(await studio.push({"a": b"a"}))
    assert not (await add(studio, new, None)).body["is_introduced"]
    assert (await add(studio, new, studio.key)).body["is_introduced"]
    old = key_id(studio.key.public_key()).hex()
    path = f"/v1/dev/organizations/{studio.organisation_id}/build-keys/{old}"
    assert (await studio.ask("DELETE", path)).status == 204
    assert await introduced(depot, studio) == {new.public_key().public_bytes_raw()}


async def test_the_word_of_anybody_else_is_refused(depot: Depot) -> None:
    studio, other = await depot.studio(), await depot.studio()
    new = Ed25519PrivateKey.generate()
    for by, more in ((new, {}), (other.key, {}), (studio.key, {"whose": "platform"})):
        refused = await add(studio, new, by, **more)
        assert (refused.status, refused.body["code"]) == (422, "download.introduction_refused")
    nonsense = await add(studio, new, None, introduction=base64.b64encode(b"nonsense").decode())
    assert (nonsense.status, nonsense.body["code"]) == (422, "download.introduction_refused")
    about_another = introduce("developer", other.key.public_key(), studio.key, issued=NOW)
    wrong = await add(studio, new, None, introduction=base64.b64encode(about_another).decode())
    assert (wrong.status, wrong.body["code"]) == (422, "download.introduction_refused")
    keys = (await studio.ask("GET", f"/v1/dev/organizations/{studio.organisation_id}/build-keys")).body
    assert len(keys) == 1


def test_the_key_that_the_platform_had_before_introduces_the_present_one() -> None:
    before, after = (Secret(f"{which} secret of a platform, for tests alone") for which in ("old", "new"))
    old = Platform(before, release_ttl_s=3_600)
    new = Platform(after, former=before, release_ttl_s=3_600)
    [word] = new.introductions(NOW)
    told = open_introduction(word, old.public_keys, whose="platform")
    assert key_id(told) in new.public_keys
    assert old.introductions(NOW) == []
    assert new.is_seal(b"ticket", old.seal(b"ticket"))
    assert new.is_seal(b"ticket", new.seal(b"ticket"))
    assert not old.is_seal(b"ticket", new.seal(b"ticket"))
