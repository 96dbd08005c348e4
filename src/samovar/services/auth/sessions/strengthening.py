"""A later proof makes a session surer: its next access tokens say so, and the present one is replaced."""

from samovar.kit.database import Transaction
from samovar.kit.errors import Forbidden
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.auth.domain import Proof
from samovar.services.auth.schemas import AccessToken
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.families import grant_of
from samovar.services.auth.sessions.repository import Session
from samovar.services.auth.tokens.signing import Signer


class Strengthening:
    """Makes sessions surer, in the caller's transaction."""

    def __init__(self, signer: Signer, new_id: IdSource) -> None:
        self._signer = signer
        self._new_id = new_id

    async def hold(self, tx: Transaction, caller: Caller) -> Session:
        """Return the session of a person, for this transaction alone.

        Raises:
            Forbidden: What calls is no person: an API key, or a program with a grant.
        """
        session = await repository.lock_session(tx, caller.session_id)
        if session is None or session.kind != "sign_in":
            raise Forbidden("only the session of a person can be made surer")
        return session

    async def prove(self, tx: Transaction, session: Session, proof: Proof) -> AccessToken:
        """Note a proof in a session that `hold` returned, and return an access token that says so."""
        await repository.strengthen_session(
            tx, session.id, amr=proof.amr, acr=proof.acr, authenticated_at=proof.proved_at
        )
        grant = grant_of(session).proved_by(proof)
        token = self._signer.sign(grant, token_id=self._new_id(), now=proof.proved_at)
        return AccessToken(access_token=token, expires_in=self._signer.ttl_s)
