"""REST: proofs of licences, for players' programs and for games' servers."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import Cache, RateLimit, get, post
from samovar.services.library.apps.releases import Releases
from samovar.services.library.errors import GameNotFound, NotOut
from samovar.services.library.play.errors import SharedGameInUse
from samovar.services.library.proofs.schemas import LicenceProof, ProofKeys, ProofOrder
from samovar.services.library.proofs.use_cases import LicenceProofs

BODY_BYTES_MAX = 4_096


@post(
    "/v1/library/{game_id:uuid}/licence-proofs",
    auth="player",
    rate_limit=RateLimit(30, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, GameNotFound, NotOut, SharedGameInUse),
)
async def give_licence_proof(
    game_id: UUID, data: ProofOrder, caller: Caller, licence_proofs: LicenceProofs, releases: Releases
) -> LicenceProof:
    """Give a proof that one may play a game at this moment, which the game's server verifies by itself.

    A JWT of five minutes: `aud` is the game, `sub` what this game calls the player, `device` what it calls the machine, `right` is `own` or
    `family`, `nonce` what the server asked for. Check `typ` (`licence+jwt`), signature, `iss`, `aud`, `exp` and `nonce`.
    """
    must_wait = await releases.must_wait(caller, game_id)
    return await licence_proofs.give(caller.account_id, game_id, data, must_wait=must_wait)


@get("/v1/library/licence-proofs/keys", auth="public", cache=Cache(ttl_s=60, stale_s=600))
async def show_proof_keys(licence_proofs: LicenceProofs) -> ProofKeys:
    """Show the public keys that sign licence proofs (RFC 7517)."""
    return licence_proofs.keys
