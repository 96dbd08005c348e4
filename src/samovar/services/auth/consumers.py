"""The events that auth listens to: its own, to keep the list of revocations for processes that start later."""

from redis.exceptions import RedisError

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.events import consumes
from samovar.kit.identity import TOKEN_LIFETIME_MAX
from samovar.kit.identity.revocations import Revocations
from samovar.services.auth.contract.events import RolesChanged, SessionRevoked


@consumes(SessionRevoked)
async def list_revoked_session(
    event: SessionRevoked,
    tx: Transaction,  # noqa: ARG001  the effect is in Redis, and twice is as good as once
    revocations: Revocations,
    clock: Clock,
) -> None:
    """Note that a session was ended, while its tokens may still live."""
    if clock.now() - event.revoked_at < TOKEN_LIFETIME_MAX:
        try:
            await revocations.add_session(event.session_id)
        except RedisError as error:
            raise Unavailable(f"Redis: {error}") from error


@consumes(RolesChanged)
async def list_changed_roles(
    event: RolesChanged,
    tx: Transaction,  # noqa: ARG001  as above
    revocations: Revocations,
    clock: Clock,
) -> None:
    """Note that older tokens of an account no longer say what it may do."""
    if clock.now() - event.changed_at < TOKEN_LIFETIME_MAX:
        try:
            await revocations.add_account(event.account_id, event.tokens_not_before)
        except RedisError as error:
            raise Unavailable(f"Redis: {error}") from error
