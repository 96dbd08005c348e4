"""Proofs of licences: for whom they are given, and what a game's server makes of them."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from samovar.kit.clock import SystemClock
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.sdk.proofs import ProofInvalid, verify
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.proofs.signing import ProofSigner
from samovar.testing.hosting import Answer, Running
from samovar.testing.issuer import ORIGIN
from tests.services.library.apps.announcing import announce
from tests.services.library.licences.grants import wanted


class Owner:
    """Somebody who owns a game."""

    def __init__(self, library: Running) -> None:
        self.library = library
        self.account_id, self.game_id = uuid4(), new_id()

    async def ask(self, game_id: UUID | None = None, **body: object) -> Answer:
        path = f"/v1/library/{game_id or self.game_id}/licence-proofs"
        return await self.library.request(
            "POST", path, account_id=self.account_id, json={"device_id": "pc"} | body
        )


@pytest.fixture
async def owner(library: Running) -> Owner:
    found = Owner(library)
    licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(wanted(account_id=found.account_id, app_ids=(found.game_id,)))
    return found


async def _keys(library: Running) -> dict[str, object]:
    answer = await library.request("GET", "/v1/library/licence-proofs/keys")
    assert answer.status == 200
    keys: dict[str, object] = answer.body
    return keys


def _now() -> datetime:
    return datetime.now(UTC)


async def test_a_server_verifies_a_proof_by_itself(library: Running, owner: Owner) -> None:
    answer = await owner.ask(nonce="made-up")
    assert answer.status == 201, answer.body
    shown = verify(
        answer.body["proof"],
        await _keys(library),
        origin=ORIGIN,
        game_id=owner.game_id,
        now=_now(),
        nonce="made-up",
    )
    assert (shown.subject, shown.right) == (answer.body["subject"], "own")
    assert str(owner.account_id) not in str(shown)
    again = (await owner.ask()).body
    assert (again["subject"], again["proof"] == answer.body["proof"]) == (shown.subject, False)


async def test_a_proof_is_for_one_game_one_nonce_and_five_minutes(library: Running, owner: Owner) -> None:
    proof = (await owner.ask(nonce="made-up")).body["proof"]
    keys = await _keys(library)
    for why, game_id, now, nonce, origin in (
        ("other_game", new_id(), _now(), "made-up", ORIGIN),
        ("other_nonce", owner.game_id, _now(), "another", ORIGIN),
        ("other_nonce", owner.game_id, _now(), None, ORIGIN),
        ("too_old", owner.game_id, _now() + timedelta(minutes=6), "made-up", ORIGIN),
        ("too_new", owner.game_id, _now() - timedelta(minutes=2), "made-up", ORIGIN),
        ("other_platform", owner.game_id, _now(), "made-up", "https://other.example"),
    ):
        with pytest.raises(ProofInvalid) as refused:
            verify(proof, keys, origin=origin, game_id=game_id, now=now, nonce=nonce)
        assert refused.value.why == why


async def test_what_was_touched_shows_nothing(library: Running, owner: Owner) -> None:
    proof = (await owner.ask()).body["proof"]
    keys = await _keys(library)
    head, body, signature = proof.split(".")
    claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=="))
    other = base64.urlsafe_b64encode(msgspec.json.encode(claims | {"right": "family"})).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"licence+jwt"}').rstrip(b"=").decode()
    stranger = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": "licence+jwt", "kid": str(keys["keys"][0]["kid"])}  # type: ignore[index]
    forged = jws.serialize_compact(header, msgspec.json.encode(claims), stranger)
    unknown = jws.serialize_compact({**header, "kid": "unknown"}, msgspec.json.encode(claims), stranger)
    token = library.issuer.token(account_id=owner.account_id)
    for why, bad in (
        ("forged", f"{head}.{other}.{signature}"),
        ("forged", forged),
        ("unknown_key", unknown),
        ("malformed", f"{unsigned}.{body}."),
        ("malformed", token),
        ("malformed", "nonsense"),
        ("malformed", "я.я.я"),
        ("malformed", proof * 20),
    ):
        with pytest.raises(ProofInvalid) as refused:
            verify(bad, keys, origin=ORIGIN, game_id=owner.game_id, now=_now())
        assert refused.value.why == why, bad


async def test_two_games_cannot_tell_that_they_have_one_player(library: Running, owner: Owner) -> None:
    other = new_id()
    licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(wanted(account_id=owner.account_id, app_ids=(other,), source_id=str(uuid4())))
    keys = await _keys(library)
    here = verify((await owner.ask()).body["proof"], keys, origin=ORIGIN, game_id=owner.game_id, now=_now())
    there = verify((await owner.ask(other)).body["proof"], keys, origin=ORIGIN, game_id=other, now=_now())
    assert here.subject != there.subject
    assert here.device != there.device


async def test_who_owns_it_not_gets_none(owner: Owner) -> None:
    refused = await owner.ask(new_id())
    assert (refused.status, refused.body["code"]) == (404, "library.game_not_found")
    for body in ({"nonce": "with a blank"}, {"nonce": ""}, {"device_id": ""}, {"other": 1}):
        assert (await owner.ask(**body)).status == 422, body


def test_a_changed_secret_leaves_the_key_before_in_force() -> None:
    first, second, names = Secret("a" * 32), Secret("b" * 32), Secret("n" * 32)
    old = ProofSigner(issuer=ORIGIN, secret=first, secret_before=None, names_secret=names)
    new = ProofSigner(issuer=ORIGIN, secret=second, secret_before=first, names_secret=names)
    game_id, account_id = new_id(), uuid4()
    keys = {"keys": [msgspec.to_builtins(key) for key in new.public_keys]}
    for signer in (old, new):
        proof = signer.sign(
            proof_id=new_id(),
            app_id=game_id,
            account_id=account_id,
            device_id="pc",
            right="own",
            nonce=None,
            now=_now(),
        )
        shown = verify(proof, keys, origin=ORIGIN, game_id=game_id, now=_now())
        assert shown.subject == new.subject_of(game_id, account_id)


async def test_what_is_not_out_is_proved_to_nobody_but_its_testers(library: Running, owner: Owner) -> None:
    await announce(library.database, owner.game_id)
    refused = await owner.ask()
    assert (refused.status, refused.body["code"]) == (409, "library.not_out")
    licences = Licences(library.database, clock=SystemClock(), new_id=new_id)
    await licences.grant(
        wanted(account_id=owner.account_id, app_ids=(owner.game_id,), kind="grant", source="operator")
    )
    assert (await owner.ask()).status == 201
