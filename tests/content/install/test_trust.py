"""Nothing is installed that is not signed by a pinned key, is older than what was seen, or is vouched for no more."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.engine.installing import open_folder
from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.errors import Expired, RolledBack, Tampered, UnknownKey
from samovar.content.format.manifest import Release, introduce, sign
from samovar.content.install.disk import Disk
from samovar.content.install.state import State, empty_tree
from samovar.content.install.trust import Envelopes, Offer, Trust
from tests.content.install.shop import APP, BRANCH, DEVELOPER, NOW, PLATFORM, Content, Shop, read

STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@pytest.fixture(name="trust")
def _trust(tmp_path: Path) -> Trust:
    return pinned(tmp_path / "game")


def pinned(game: Path) -> Trust:
    state = State(game, Disk())
    state.prepare()
    trust = Trust(state)
    trust.pin([raw(PLATFORM)], [raw(DEVELOPER)])
    return trust


@pytest.fixture(name="offer")
def _offer(shop: Shop) -> Offer:
    tree = shop.push(Content({"a": b"a"}))
    return shop.offer(empty_tree(), tree)


def opened(trust: Trust, sent: Envelopes, *, now: int = NOW) -> Offer:
    return trust.open(sent, app=APP, branch=BRANCH, build="1", now=now)


def test_what_is_signed_is_believed(trust: Trust, shop: Shop, offer: Offer) -> None:
    assert opened(trust, shop.envelopes(offer)) == offer


def test_keys_are_pinned_once(tmp_path: Path, trust: Trust, shop: Shop, offer: Offer) -> None:
    trust.pin([raw(STRANGER)], [raw(STRANGER)])
    assert opened(trust, shop.envelopes(offer)) == offer
    assert opened(pinned(tmp_path / "game"), shop.envelopes(offer)) == offer


@pytest.mark.parametrize("which", ["plan", "manifest", "release"])
def test_a_strangers_signature_is_refused(trust: Trust, shop: Shop, offer: Offer, which: str) -> None:
    sent = shop.envelopes(offer)
    payload = offer.plan if which == "plan" else encode(offer.manifest)
    forged = sent._replace(**{which: sign("plan" if which == "plan" else "manifest", payload, STRANGER)})
    with pytest.raises(Tampered):
        opened(trust, forged)


def test_a_flipped_bit_in_the_plan_is_refused(trust: Trust, shop: Shop, offer: Offer) -> None:
    sent = shop.envelopes(offer)
    plan = bytearray(sent.plan)
    plan[len(plan) // 3] ^= 4
    with pytest.raises(Tampered):
        opened(trust, sent._replace(plan=bytes(plan)))


def test_an_older_release_is_refused_also_by_the_next_process(
    tmp_path: Path, trust: Trust, shop: Shop, offer: Offer
) -> None:
    opened(trust, shop.envelopes(offer, sequence=5))
    with pytest.raises(RolledBack):
        opened(trust, shop.envelopes(offer, sequence=4))
    with pytest.raises(RolledBack):
        opened(pinned(tmp_path / "game"), shop.envelopes(offer, sequence=4))
    with pytest.raises(RolledBack):
        opened(trust, shop.envelopes(offer)._replace(release=None))


def test_a_release_that_is_vouched_for_no_more_is_refused(trust: Trust, shop: Shop, offer: Offer) -> None:
    with pytest.raises(Expired):
        opened(trust, shop.envelopes(offer, expires=NOW))


async def test_a_plan_for_another_tree_than_the_manifests_is_refused(
    tmp_path: Path, shop: Shop, offer: Offer, threads: ThreadPoolExecutor
) -> None:
    other = shop.offer(empty_tree(), shop.push(Content({"a": b"another"})))
    async with open_folder(tmp_path / "game", threads) as folder:
        with pytest.raises(Tampered):
            await folder.install(offer._replace(plan=other.plan), shop)
    assert read(tmp_path / "game") == {}


def shop_with(trust: Trust, offer: Offer, platform: Ed25519PrivateKey, developer: Ed25519PrivateKey) -> Offer:
    """Open what other keys than the pinned ones have signed."""
    manifest = sign("manifest", encode(offer.manifest), developer)
    release = Release(1, APP, BRANCH, hash_of(manifest), 2, NOW - 1, NOW + 1000)
    plan = sign("plan", offer.plan, platform)
    return opened(trust, Envelopes(plan, manifest, sign("release", encode(release), platform)))


def test_keys_that_nobody_announced_are_refused_and_it_is_said(trust: Trust, offer: Offer) -> None:
    for platform, developer in ((STRANGER, DEVELOPER), (PLATFORM, STRANGER)):
        with pytest.raises(UnknownKey, match="signed by no trusted key"):
            shop_with(trust, offer, platform, developer)


def test_keys_that_the_old_ones_introduced_are_believed_for_good(
    tmp_path: Path, trust: Trust, offer: Offer
) -> None:
    new_platform, new_developer = (Ed25519PrivateKey.generate() for _ in range(2))
    trust.introduce(
        [introduce("platform", new_platform.public_key(), PLATFORM, issued=NOW)],
        [introduce("developer", new_developer.public_key(), DEVELOPER, issued=NOW)],
    )
    assert shop_with(trust, offer, new_platform, new_developer) == offer
    assert shop_with(pinned(tmp_path / "game"), offer, new_platform, new_developer) == offer
    assert shop_with(trust, offer, PLATFORM, DEVELOPER) == offer


def test_a_folder_that_missed_a_change_follows_all_of_them(trust: Trust, offer: Offer) -> None:
    second, third, fourth = (Ed25519PrivateKey.generate() for _ in range(3))
    told = [
        introduce("developer", fourth.public_key(), third, issued=NOW),
        introduce("developer", third.public_key(), second, issued=NOW),
        introduce("developer", second.public_key(), DEVELOPER, issued=NOW),
    ]
    trust.introduce([], [b"nonsense", *told])
    assert shop_with(trust, offer, PLATFORM, fourth) == offer


@pytest.mark.parametrize("by", ["a stranger", "itself", "the other side"])
def test_nobody_else_introduces_keys(trust: Trust, offer: Offer, by: str) -> None:
    signer = {"a stranger": Ed25519PrivateKey.generate(), "itself": STRANGER, "the other side": PLATFORM}[by]
    trust.introduce([], [introduce("developer", STRANGER.public_key(), signer, issued=NOW)])
    # Nor does the platform's key under the name of its own.
    trust.introduce([introduce("developer", STRANGER.public_key(), PLATFORM, issued=NOW)], [])
    with pytest.raises(UnknownKey):
        shop_with(trust, offer, PLATFORM, STRANGER)
    with pytest.raises(UnknownKey):
        shop_with(trust, offer, STRANGER, DEVELOPER)


def test_an_introduction_that_was_changed_on_the_way_is_let_be(trust: Trust, offer: Offer) -> None:
    told = bytearray(introduce("platform", STRANGER.public_key(), PLATFORM, issued=NOW))
    told[len(told) // 2] ^= 1
    trust.introduce([bytes(told)], [])
    with pytest.raises(UnknownKey):
        shop_with(trust, offer, STRANGER, DEVELOPER)
