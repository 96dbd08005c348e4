"""What the player owns, asked of the platform and remembered for when it cannot be reached; proofs of it for a game's server."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, Refused
from samovar.sdk.state import State

# A single-player game goes on for so long without a word from the platform.
REMEMBERED_FOR = timedelta(days=30)
_NOT_FOUND = 404


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the player owns an app: the game itself, a DLC.

    Attributes:
        is_owned: By a licence of their own that is in force.
        checked_at: When the platform said so; none: it never did.
        is_fresh: It has just said so.
    """

    is_owned: bool
    checked_at: datetime | None
    is_fresh: bool


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A licence proof for the game's server; see `proofs`."""

    proof: str
    subject: str
    expires_at: datetime


class LaunchTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A launch ticket for the game's server, which redeems it once and learns who plays."""

    ticket: str
    expires_in: int


class _Seen(msgspec.Struct, frozen=True):
    is_owned: bool
    checked_at: datetime


class Owning:
    """What the player owns.

    Args:
        api: The platform.
        state: Where answers are remembered.
        game_id: The game that runs.
        device_id: This machine.
        clock: The time.
    """

    def __init__(self, api: Api, state: State, *, game_id: UUID, device_id: str, clock: Clock) -> None:
        self._api = api
        self._state = state
        self._game_id = game_id
        self._device_id = device_id
        self._clock = clock

    async def check(self, app_id: UUID | None = None) -> Ownership:
        """Return whether the player owns an app; the game itself where none is named.

        Where the platform cannot be reached its last word counts, for 30 days.

        Raises:
            SignInNeeded: The platform does not know the player.
        """
        app_id = app_id or self._game_id
        name = f"owned:{app_id}"
        now = self._clock.now()
        try:
            await self._api.call("GET", f"/v1/library/{app_id}")
            seen = _Seen(is_owned=True, checked_at=now)
        except Offline:
            last = self._state.note(name, _Seen)
            is_good = last is not None and now - REMEMBERED_FOR <= last.checked_at <= now + timedelta(days=1)
            return Ownership(
                is_owned=last is not None and last.is_owned and is_good,
                checked_at=last.checked_at if last else None,
                is_fresh=False,
            )
        except Refused as refused:
            if refused.status != _NOT_FOUND:
                raise
            seen = _Seen(is_owned=False, checked_at=now)
        self._state.put_note(name, seen)
        return Ownership(is_owned=seen.is_owned, checked_at=now, is_fresh=True)

    async def prove(self, nonce: str | None = None) -> Proof:
        """Return a proof that the player may play the game at this moment; it holds for five minutes.

        Args:
            nonce: What the game's server asked for: letters, digits, `.`, `_`, `~`, `-`, at most 128.

        Raises:
            Offline: The platform does not answer.
            Refused: They may not, or the family plays it as often as it owns it.
            SignInNeeded: The platform does not know the player.
        """
        body = {"device_id": self._device_id} | ({"nonce": nonce} if nonce is not None else {})
        answer = await self._api.call("POST", f"/v1/library/{self._game_id}/licence-proofs", json=body)
        return answer.read(Proof)

    async def launch_ticket(self) -> LaunchTicket:
        """Return a ticket that the game's server redeems at the platform, once, within a minute.

        Raises:
            Offline: The platform does not answer.
            Refused: Too many were asked for.
            SignInNeeded: The platform does not know the player.
        """
        body = {"game_id": str(self._game_id)}
        return (await self._api.call("POST", "/v1/auth/launch-tickets", json=body)).read(LaunchTicket)
