"""Families of refresh tokens: the one way from a refresh token to the next pair, for people and for programs alike."""

from datetime import datetime, timedelta

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth import domain
from samovar.services.auth.domain import Refresh
from samovar.services.auth.errors import RefreshTokenInvalid
from samovar.services.auth.schemas import Tokens
from samovar.services.auth.sessions import ending, repository
from samovar.services.auth.sessions.repository import Kind, Session
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import NotOurToken, PresentedRefreshToken
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.sealing import SealBroken
from samovar.services.auth.tokens.signing import Grant


class Families:
    """Rotates refresh tokens."""

    def __init__(self, *, settings: AuthSettings, pairs: Pairs, new_id: IdSource) -> None:
        self._settings = settings
        self._pairs = pairs
        self._new_id = new_id

    async def exchange(
        self,
        tx: Transaction,
        refresh_token: str,
        now: datetime,
        *,
        address: str,
        kind: Kind = "sign_in",
        client_id: str | None = None,
    ) -> tuple[Session, Tokens | None]:
        """Return the session of a refresh token and the next pair, or none when the token was used before.

        In the latter case the session has been ended: commit, so that it stays so, and refuse. `now` must have been read before:
        a change of roles that this reading misses is dated later than the token.

        Raises:
            RefreshTokenInvalid: It is forged, its session is over, or it belongs to another kind of caller.
        """
        try:
            presented = PresentedRefreshToken.parse(refresh_token)
        except NotOurToken:
            raise RefreshTokenInvalid("not of our making") from None
        session = await repository.lock_session(tx, presented.session_id)
        if session is None or not self._pairs.is_genuine(presented, session.seed):
            raise RefreshTokenInvalid("not of our making")
        if (session.kind, session.client_id) != (kind, client_id):
            raise RefreshTokenInvalid("of another kind of caller")
        match domain.decide_refresh(session, presented.generation, now):
            case Refresh.ROTATE:
                return session, await self._rotate(tx, session, now, address)
            case Refresh.REPEAT:
                return session, self._repeat(session)
            case Refresh.REFUSE:
                raise RefreshTokenInvalid("the session is over")
            case Refresh.END_SESSION:
                await ending.end(tx, session.id, "token_reuse", now)
                return session, None

    async def find(self, tx: Transaction, refresh_token: str) -> Session | None:
        """Return the session of a genuine refresh token, whether the token is still good or not: to be shown or ended."""
        try:
            presented = PresentedRefreshToken.parse(refresh_token)
        except NotOurToken:
            return None
        session = await repository.find_session(tx, presented.session_id)
        return session if session and self._pairs.is_genuine(presented, session.seed) else None

    async def _rotate(self, tx: Transaction, session: Session, now: datetime, address: str) -> Tokens:
        generation = session.generation + 1
        tokens = self._pairs.make(
            grant_of(session), seed=session.seed, generation=generation, token_id=self._new_id(), now=now
        )
        await repository.rotate_session(
            tx,
            session.id,
            generation=generation,
            rotated_at=now,
            expires_at=expiry(self._settings, started_at=session.started_at, now=now),
            access_token_sealed=self._pairs.seal(session.id, generation, tokens),
            address=address,
        )
        return tokens

    def _repeat(self, session: Session) -> Tokens:
        try:
            return self._pairs.repeat(
                session.id,
                session.generation,
                seed=session.seed,
                sealed=session.access_token_sealed or b"",
            )
        except SealBroken:
            raise RefreshTokenInvalid("the pair was made with another secret") from None


def grant_of(session: Session) -> Grant:
    """Return what the next access token of a session says."""
    return Grant(
        account_id=session.account_id,
        session_id=session.id,
        roles=session.roles,
        grants=session.grants,
        scope=session.scope,
        amr=session.amr,
        acr=session.acr,
        authenticated_at=session.authenticated_at,
        tokens_not_before=session.tokens_not_before,
    )


def expiry(settings: AuthSettings, *, started_at: datetime, now: datetime) -> datetime:
    """Return when a session used at `now` ends if it is not used again."""
    return domain.expiry_of(
        started_at=started_at,
        now=now,
        idle=timedelta(seconds=settings.session_idle_s),
        lifetime_max=timedelta(seconds=settings.session_lifetime_s),
    )
