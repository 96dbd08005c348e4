"""Tells visitors apart for a day, without keeping who they are.

A visitor is an account, or the network and the program of whoever is not signed in. What is kept of them is a hash under a salt that
is drawn anew each day and forgotten with it: nobody can find out later who looked.
"""

import hashlib
import re
import secrets
from datetime import datetime
from uuid import UUID

from redis.asyncio import Redis

from samovar.kit.clock import MOSCOW
from samovar.kit.redis import Script, Scripts

# A visitor who was quiet for so long comes anew.
QUIET_S = 1_800
_DAY_S = 86_400
_SALT_BYTES = 16
_HASH_BYTES = 12
# Programs that say themselves that they are no person. What hides is not found here: it is bounded by the limit of the route.
_BOT = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|preview|headless|lighthouse|monitor|facebookexternalhit",
    re.IGNORECASE,
)

# KEYS: salt  ARGV: a salt if there is none, seconds
_SALT = Script("""
local salt = redis.call('GET', KEYS[1])
if salt then return salt end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1]
""")

# KEYS: visitor  ARGV: now in seconds, seconds to keep
_SEEN = Script("""
return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'GET') or ''
""")


def is_bot(user_agent: str) -> bool:
    """Return whether a program says that it is no person; one that says nothing is none either."""
    return not user_agent or _BOT.search(user_agent) is not None


class Visitors:
    """Remembers in Redis, for a day, who has looked at which page."""

    def __init__(self, redis: Redis) -> None:
        self._scripts = Scripts(redis)
        self._salt: tuple[str, bytes] | None = None

    async def look(self, app_id: UUID, visitor: str, now: datetime) -> tuple[bool, bool]:
        """Return whether this is a view of its own, and whether it is the visitor's first of the day.

        Raises:
            Unavailable: Redis is away.
        """
        day = now.astimezone(MOSCOW).date().isoformat()
        named = f"{app_id} {visitor}".encode()
        name = hashlib.blake2b(named, digest_size=_HASH_BYTES, key=await self._salt_of(day)).hexdigest()
        moment = int(now.timestamp())
        before = await self._scripts.run(_SEEN, [f"catalog:{{views}}:{day}:{name}"], moment, _DAY_S)
        if not before:
            return True, True
        return moment - int(before) >= QUIET_S, False

    async def _salt_of(self, day: str) -> bytes:
        if self._salt is None or self._salt[0] != day:
            drawn = secrets.token_bytes(_SALT_BYTES)
            salt = await self._scripts.run(_SALT, [f"catalog:{{views}}:salt:{day}"], drawn, 2 * _DAY_S)
            self._salt = day, bytes(salt)
        return self._salt[1]
