"""The rules of API keys, free of I/O."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import RoleGrant, covers
from samovar.services.auth.domain import PLAYER

KEYS_PER_ACCOUNT_MAX = 25
DAYS_MAX = 365
SCOPE_LENGTH_MAX = 512
NETWORKS_MAX = 10
# A stolen token of a key is good for so long at the most, should a process miss that the key was revoked.
TOKEN_TTL_S_MAX = 600
# The database is told no oftener than this that a key was used.
USE_NOTED_EVERY = timedelta(minutes=5)

_PART = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?:\.\*)?")
_DEVELOPER = "developer"


def checked_scope(scope: str, permitted: Collection[str]) -> str:
    """Return a scope in its one spelling.

    Args:
        scope: Permissions, or their beginnings followed by `.*`, separated by spaces.
        permitted: What its owner may do.

    Raises:
        InvalidInput: A part of it is no permission, or its owner may do nothing of it.
    """
    parts = sorted(set(scope.split()))
    for part in parts:
        if not _PART.fullmatch(part) or not any(covers(part, permission) for permission in permitted):
            raise InvalidInput(
                f"{part} opens nothing",
                fields=[FieldError("scope", "scope_not_held", f"{part}: the caller has no such permission")],
            )
    if not parts:
        raise InvalidInput(fields=[FieldError("scope", "scope_not_held", "a scope names permissions")])
    return " ".join(parts)


def is_idle(scope: str, permitted: Collection[str]) -> bool:
    """Return whether a part of a key's scope opens nothing any more."""
    return any(not any(covers(part, permission) for permission in permitted) for part in scope.split())


def checked_networks(networks: Sequence[str]) -> tuple[str, ...]:
    """Return networks in their one spelling; a single address is a network of one.

    Raises:
        InvalidInput: One is none.
    """
    return tuple(dict.fromkeys(str(_network(text, place)) for place, text in enumerate(networks)))


def admits(networks: Sequence[str], address: str) -> bool:
    """Return whether a key may be used from an address; from everywhere when no network is named."""
    if not networks:
        return True
    try:
        asked = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(asked, "ipv4_mapped", None)
    return any((mapped or asked) in ip_network(network) for network in networks)


def narrowed(
    roles: Sequence[str], grants: Sequence[str], organisation_id: UUID | None, game_id: UUID | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles and places of a key: a key for one organisation, or one game of it, has no more than its owner has there."""
    if organisation_id is None:
        return tuple(roles), tuple(grants)
    there = [
        grant
        for grant in map(RoleGrant.parse, grants)
        if grant.organisation_id == organisation_id and (game_id is None or grant.game_id in {None, game_id})
    ]
    if game_id is not None:
        there = [RoleGrant(grant.level, organisation_id, game_id) for grant in there]
    places = tuple(dict.fromkeys(map(str, there)))
    return ((PLAYER, _DEVELOPER) if places else ()), places


def ttl_s(now: datetime, expires_at: datetime, longest_s: int) -> int:
    """Return how long a token of a key lives, in seconds: never longer than the key."""
    left_s = int((expires_at - now).total_seconds())
    return max(1, min(longest_s, TOKEN_TTL_S_MAX, left_s))


def _network(text: str, place: int) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        field = f"networks[{place}]"
        raise InvalidInput(
            fields=[FieldError(field, "network_invalid", "no network, or bits beyond its mask")]
        ) from None
