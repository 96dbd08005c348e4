"""Giving and redeeming launch tickets."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Forbidden, SamovarError
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.auth.api_keys import narrowing
from samovar.services.auth.audit import Audit
from samovar.services.auth.errors import LaunchTicketInvalid, LaunchTicketUsed
from samovar.services.auth.launch_tickets import repository
from samovar.services.auth.launch_tickets.repository import StoredTicket
from samovar.services.auth.launch_tickets.schemas import Launch, LaunchTicket, PresentedTicket
from samovar.services.auth.roles import places
from samovar.services.auth.sessions import ending
from samovar.services.auth.tokens import pairwise
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap

PREFIX = "smvt_"
TICKET_BYTES = 32
LIVES_FOR = timedelta(seconds=60)
# A second use is told from nonsense for so long.
KEPT_FOR = timedelta(days=7)
DELETED_AT_ONCE_MAX = 10_000


class _Refusal(NamedTuple):
    """Why a ticket is not taken, for the audit and for whoever presented it."""

    error: SamovarError
    why: str
    account_id: UUID | None = None


class LaunchTickets:
    """Launch tickets."""

    def __init__(
        self,
        database: Database,
        *,
        salt: bytes,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._salt = salt
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def give(self, caller: Caller, game_id: UUID) -> LaunchTicket:
        """Give a ticket for a game. It says who plays, not that they may: what somebody owns, library knows."""
        ticket = wrap(PREFIX, self._random_bytes(TICKET_BYTES))
        async with self._database.transaction() as tx:
            now = self._clock.now()
            stored = StoredTicket(
                id=self._new_id(),
                account_id=caller.account_id,
                session_id=caller.session_id,
                game_id=game_id,
                auth_time=caller.auth_time,
                acr=caller.acr,
                created_at=now,
                expires_at=now + LIVES_FOR,
            )
            await repository.insert_ticket(tx, stored, ticket_hash=_hash_of(ticket))
        return LaunchTicket(ticket=ticket, expires_in=int(LIVES_FOR.total_seconds()))

    async def redeem(self, caller: Caller, presented: PresentedTicket, *, address: str) -> Launch:
        """Tell a game's server who started the game, once.

        Raises:
            Forbidden: The caller does not work on this game.
            LaunchTicketInvalid: It was never one, is too old, is for another game, or the player's session is over.
            LaunchTicketUsed: It was redeemed before.
        """
        try:
            unwrap(presented.ticket, PREFIX, TICKET_BYTES)
        except NotOurToken:
            raise LaunchTicketInvalid("not of our making") from None
        async with self._database.transaction() as tx:
            outcome = await self._decide(tx, caller, presented, self._clock.now())
            if isinstance(outcome, Launch):
                return outcome
        if outcome.account_id:
            await self._audit.refused(
                "launch_ticket.redeemed",
                account_id=outcome.account_id,
                session_id=caller.session_id,
                address=address,
                **self._particulars(caller, presented),
                why=outcome.why,
            )
        raise outcome.error

    async def forget_old(self) -> None:
        """Delete tickets of which nobody asks any more."""
        before = self._clock.now() - KEPT_FOR
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_tickets_before(tx, before, DELETED_AT_ONCE_MAX)

    async def _decide(
        self, tx: Transaction, caller: Caller, presented: PresentedTicket, now: datetime
    ) -> Launch | _Refusal:
        """Close a ticket and return what it says, or why not."""
        within, only_game = await narrowing.place_of(tx, caller.session_id)
        organisation_id = await places.organisation_of_game(
            tx, caller.account_id, presented.game_id, now, within=within
        )
        if organisation_id is None or only_game not in {None, presented.game_id}:
            return _Refusal(Forbidden(f"no grant for the game {presented.game_id}"), "not_their_game")
        ticket = await repository.lock_ticket(tx, _hash_of(presented.ticket))
        if ticket is None:
            return _Refusal(LaunchTicketInvalid("unknown"), "unknown")
        over = await ending.is_over(tx, ticket.session_id, now)
        if why := _fault_of(ticket, presented.game_id, now, session_over=over):
            error = LaunchTicketUsed() if why == "replayed" else LaunchTicketInvalid(why)
            return _Refusal(error, why, ticket.account_id)
        await repository.close_ticket(
            tx, ticket.id, account_id=caller.account_id, session_id=caller.session_id, now=now
        )
        await self._audit.done(
            tx,
            "launch_ticket.redeemed",
            account_id=ticket.account_id,
            actor_id=caller.account_id,
            session_id=ticket.session_id,
            **self._particulars(caller, presented),
        )
        sector = pairwise.sector_of_organisation(organisation_id)
        return Launch(
            subject=pairwise.subject_of(self._salt, sector, ticket.account_id),
            game_id=ticket.game_id,
            auth_time=ticket.auth_time,
            acr=ticket.acr,
            issued_at=ticket.created_at,
        )

    def _particulars(self, caller: Caller, presented: PresentedTicket) -> dict[str, Any]:
        return {"game_id": presented.game_id, "redeemer_id": caller.account_id}


def _fault_of(ticket: StoredTicket, game_id: UUID, now: datetime, *, session_over: bool) -> str | None:
    """Return why a ticket counts for nothing, if it does; that it was used is told only to the game that it was for."""
    if ticket.game_id != game_id:
        return "other_game"
    if ticket.redeemed_at is not None:
        return "replayed"
    if ticket.expires_at <= now:
        return "too_old"
    return "session_over" if session_over else None


def _hash_of(ticket: str) -> bytes:
    """Return what the database holds of a ticket; it is too long to be guessed, so a fast hash does."""
    return hashlib.sha256(ticket.encode()).digest()
