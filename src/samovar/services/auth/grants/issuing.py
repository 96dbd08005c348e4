"""From a person's yes to tokens: the one way, whether the yes came through a browser's code or a device's."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as accounts
from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import (
    OFFLINE_ACCESS,
    OPENID,
    REFRESH_TOKEN,
    RegisteredClient,
)
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.domain import Proof
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants import ends
from samovar.services.auth.grants.domain import GRANTS_PER_CLIENT_MAX, ID_TOKEN_TYPE, id_claims
from samovar.services.auth.grants.schemas import TokenAnswer
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.granting import Granting
from samovar.services.auth.tokens.opaque import PresentedRefreshToken
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.signing import Grant, Signer


class Issued(msgspec.Struct, frozen=True):
    """Tokens, and the session or grant that they are of."""

    session_id: UUID
    answer: TokenAnswer


class Issuing:
    """Opens grants and sessions for clients, in the caller's transaction.

    Args:
        pairs: With tokens for grants.
        issuer: The platform's origin.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        granting: Granting,
        admission: Admission,
        pairs: Pairs,
        signer: Signer,
        issuer: str,
        new_id: IdSource,
    ) -> None:
        self._registry = registry
        self._granting = granting
        self._admission = admission
        self._pairs = pairs
        self._signer = signer
        self._issuer = issuer
        self._new_id = new_id

    async def issue(
        self,
        tx: Transaction,
        *,
        client: RegisteredClient,
        account_id: UUID,
        scope: tuple[str, ...],
        parent_id: UUID | None,
        proof: Proof,
        nonce: str | None,
        who: Client,
        now: datetime,
    ) -> Issued:
        """Open what a person agreed to: for the platform's own programs a session, for all others a grant.

        Args:
            tx: The transaction.
            client: Who gets the tokens.
            account_id: Whose they are.
            scope: What the client may know.
            parent_id: The session in which the person said yes.
            proof: What had shown who the person is.
            nonce: From the authorization request.
            who: The other end of the client's request.
            now: The present moment.

        Raises:
            OAuthError: `invalid_grant`: the account is gone.
        """
        if client.first_party:
            return await self._session(tx, client, account_id, scope, parent_id, proof, nonce, who, now)
        grant = await self._granting.open(
            tx,
            account_id,
            client_id=client.id,
            scope=" ".join(scope),
            parent_id=parent_id,
            proof=proof,
            address=who.address,
            now=now,
        )
        await ends.end_of_client(
            tx,
            client.id,
            "too_many_sessions",
            now,
            account_id=account_id,
            keep=GRANTS_PER_CLIENT_MAX,
            limit=GRANTS_PER_CLIENT_MAX,
        )
        said = Grant(
            account_id=account_id,
            session_id=grant.id,
            roles=(),
            scope=grant.scope,
            amr=grant.amr,
            acr=grant.acr,
            authenticated_at=grant.authenticated_at,
            tokens_not_before=None,
        )
        tokens = self._pairs.make(said, seed=grant.seed, generation=0, token_id=self._new_id(), now=now)
        may_refresh = OFFLINE_ACCESS in scope and REFRESH_TOKEN in client.grant_types
        answer = TokenAnswer(
            access_token=tokens.access_token,
            expires_in=tokens.expires_in,
            scope=" ".join(scope),
            refresh_token=tokens.refresh_token if may_refresh else UNSET,
            id_token=self.id_token(client, said, scope, nonce, tokens.access_token, now),
        )
        return Issued(grant.id, answer)

    def id_token(
        self,
        client: RegisteredClient,
        said: Grant,
        scope: tuple[str, ...],
        nonce: str | None,
        access_token: str,
        now: datetime,
    ) -> str | UnsetType:
        """Return the ID token of a session or grant, where the client asked for one."""
        if OPENID not in scope:
            return UNSET
        claims = id_claims(
            issuer=self._issuer,
            subject=self._registry.subject_of(client, said.account_id),
            client_id=client.id,
            session_id=str(said.session_id),
            amr=said.amr,
            acr=said.acr,
            authenticated_at=said.authenticated_at,
            nonce=nonce,
            access_token=access_token,
            now=now,
        )
        return self._signer.sign_claims(claims, token_type=ID_TOKEN_TYPE, now=now)

    async def _session(
        self,
        tx: Transaction,
        client: RegisteredClient,
        account_id: UUID,
        scope: tuple[str, ...],
        parent_id: UUID | None,
        proof: Proof,
        nonce: str | None,
        who: Client,
        now: datetime,
    ) -> Issued:
        account = await accounts.lock_account_by_id(tx, account_id)
        if account is None:
            raise OAuthError("invalid_grant", "the account is gone")
        device = msgspec.structs.replace(who, device_name=who.device_name or client.name)
        signed_in = await self._admission.open(tx, account, device, proof, now, parent_id=parent_id)
        session_id = PresentedRefreshToken.parse(signed_in.refresh_token).session_id
        said = Grant(
            account_id=account_id,
            session_id=session_id,
            roles=account.roles,
            scope="*",
            amr=proof.amr,
            acr=proof.acr,
            authenticated_at=proof.proved_at,
            tokens_not_before=account.tokens_not_before,
        )
        answer = TokenAnswer(
            access_token=signed_in.access_token,
            expires_in=signed_in.expires_in,
            scope=" ".join(scope),
            refresh_token=signed_in.refresh_token,
            id_token=self.id_token(client, said, scope, nonce, signed_in.access_token, now),
            device_token=signed_in.device_token,
        )
        return Issued(session_id, answer)
