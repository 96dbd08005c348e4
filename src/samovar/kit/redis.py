"""The connection to Redis, and what keeps a Redis that is away from slowing everything down.

Cache, locks and limits speak to Redis in Lua scripts only: one round trip, one atomic step, on the clock of the server.
`Scripts` runs them behind a breaker: after one failure it answers `Unavailable` at once, and lets a single caller try
again each second, so a dead Redis costs nobody a time-out but that one.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionFailed
from redis.exceptions import NoScriptError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret

CONNECTIONS_MAX = 32
CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 1.0
POOL_WAIT_S = 1.0
HEALTH_CHECK_S = 30
RETRY_AFTER_S = 1.0

log = structlog.get_logger(__name__)


def connect(url: Secret) -> Redis:
    """Return a client that gives up soon. It connects at the first command; close it with `await client.aclose()`.

    A command is sent a second time, at once, only when its connection turned out to be broken, as pooled ones are after
    Redis was restarted. One that timed out is not, for that would double the wait.
    """
    pool = BlockingConnectionPool.from_url(
        url.reveal(),
        max_connections=CONNECTIONS_MAX,
        timeout=POOL_WAIT_S,
        socket_timeout=ANSWER_TIMEOUT_S,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        health_check_interval=HEALTH_CHECK_S,
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionFailed,)),
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    return Redis.from_pool(pool)


class Script:
    """A Lua script. All its keys share the hash tag of a namespace, so a cluster keeps them on one node."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Scripts:
    """Runs scripts, and fails fast while Redis is away.

    Args:
        redis: See `connect`.
        monotonic: Returns seconds that never go back.
    """

    def __init__(self, redis: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._monotonic = monotonic
        self._away = False
        self._next_try = 0.0

    async def run(self, script: Script, keys: Sequence[str], *args: str | bytes | int) -> Any:
        """Return what the script returns.

        Raises:
            Unavailable: Redis cannot be reached, does not answer in time or refuses the command.
        """
        if self._away:
            if self._monotonic() < self._next_try:
                raise Unavailable("Redis was away a moment ago", retry_after_s=RETRY_AFTER_S)
            # This caller tries; the others are spared until it knows.
            self._next_try = self._monotonic() + RETRY_AFTER_S
        try:
            answer = await self._evaluate(script, keys, args)
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("redis is away", error=str(error))
            self._away = True
            self._next_try = self._monotonic() + RETRY_AFTER_S
            raise Unavailable(f"Redis: {error}", retry_after_s=RETRY_AFTER_S) from error
        if self._away:
            log.info("redis is back")
        self._away = False
        return answer

    async def _evaluate(self, script: Script, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        try:
            return await self._redis.evalsha(script.sha, len(keys), *keys, *args)
        except NoScriptError:  # The first call since Redis was started.
            return await self._redis.eval(script.text, len(keys), *keys, *args)
