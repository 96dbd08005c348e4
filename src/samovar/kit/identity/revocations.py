"""Sessions and accounts whose access tokens no longer count, although they have not run out.

A token lives for minutes, so a revocation has to be remembered no longer than that. Every process holds all of them in
memory; events bring them at once, and a list in Redis brings them to a process that started later or missed an event.
"""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from redis.asyncio import Redis

from samovar.kit.clock import Clock
from samovar.kit.identity.caller import LEEWAY_S, TOKEN_LIFETIME_MAX

REVOCATIONS_MAX = 1_000_000
REDIS_KEY = "samovar:revocations"

_KEPT_S = TOKEN_LIFETIME_MAX.total_seconds() + LEEWAY_S
_NEVER = float("-inf")

log = structlog.get_logger(__name__)


class Revocations:
    """What one process knows. `add_…` notes a revocation for all processes, `revoke_…` for this one alone."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        # Both are in order of their coming, so that the old ones are dropped from the front.
        self._sessions: OrderedDict[UUID, float] = OrderedDict()
        self._accounts: OrderedDict[UUID, tuple[float, float]] = OrderedDict()
        self._everyone_before = _NEVER
        self._read_until = _NEVER

    def ended(self, session_id: UUID) -> bool:
        """Return whether the session is over."""
        return session_id in self._sessions

    def not_before(self, account_id: UUID) -> float:
        """Return the moment, seconds of the epoch, before which no token of the account counts.

        Tokens count whole seconds: the issuer dates those that come after a revocation into the next second.
        """
        account = self._accounts.get(account_id)
        return max(account[1], self._everyone_before) if account else self._everyone_before

    def revoke_session(self, session_id: UUID) -> None:
        """Refuse the tokens of a session in this process."""
        now = self._forget_old()
        self._sessions.pop(session_id, None)
        self._sessions[session_id] = now

    def revoke_account(self, account_id: UUID, not_before: datetime) -> None:
        """Refuse the tokens that were issued to an account before `not_before`, in this process."""
        now = self._forget_old()
        _, earlier = self._accounts.pop(account_id, (now, _NEVER))
        self._accounts[account_id] = (now, max(earlier, not_before.timestamp()))

    async def add_session(self, session_id: UUID) -> None:
        """Note in Redis that a session was ended."""
        await self._add(f"session {session_id}")

    async def add_account(self, account_id: UUID, not_before: datetime) -> None:
        """Note in Redis that an account's tokens from before `not_before` no longer count."""
        await self._add(f"account {account_id} {not_before.isoformat()}")

    async def read(self) -> None:
        """Take over what was noted in Redis since the last reading."""
        # One that was noted during the last reading, or by a clock a little behind, must not slip through.
        since = self._read_until - LEEWAY_S
        oldest = self._clock.now().timestamp() - _KEPT_S
        rows: Any = await self._redis.zrangebyscore(
            REDIS_KEY, max(since, oldest), "+inf", withscores=True, start=0, num=REVOCATIONS_MAX
        )
        for member, noted_at in rows:
            self._read_until = max(self._read_until, noted_at)
            match (member.decode() if isinstance(member, bytes) else member).split(" "):
                case ["session", session_id]:
                    self.revoke_session(UUID(session_id))
                case ["account", account_id, not_before]:
                    self.revoke_account(UUID(account_id), datetime.fromisoformat(not_before))

    async def _add(self, member: str) -> None:
        now = self._clock.now().timestamp()
        async with self._redis.pipeline() as pipe:
            pipe.zadd(REDIS_KEY, {member: now})
            pipe.zremrangebyscore(REDIS_KEY, "-inf", now - _KEPT_S)
            pipe.expire(REDIS_KEY, int(_KEPT_S))
            await pipe.execute()

    def _forget_old(self) -> float:
        """Drop what no living token can be of, and return the present moment."""
        now = self._clock.now().timestamp()
        while self._sessions and next(iter(self._sessions.values())) < now - _KEPT_S:
            self._sessions.popitem(last=False)
        while self._accounts and next(iter(self._accounts.values()))[0] < now - _KEPT_S:
            self._accounts.popitem(last=False)
        if len(self._sessions) + len(self._accounts) >= REVOCATIONS_MAX:
            # Forgetting one would let its token in again; refusing all older tokens costs everyone a refresh.
            log.error("too many revocations: every token issued before now is refused", count=REVOCATIONS_MAX)
            self._sessions.clear()
            self._accounts.clear()
            self._everyone_before = now
        return now
