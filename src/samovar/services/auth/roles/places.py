"""Where an account may do what, as the rows say this moment, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.identity import Level, levels_in
from samovar.services.auth.roles import repository

_WORKS_ON_IT = ("owner", "editor")


async def levels_of(
    tx: Transaction, account_id: UUID, organisation_id: UUID, now: datetime
) -> frozenset[Level]:
    """Return the levels that an account has in the whole of an organisation, those included that a higher one contains."""
    held = await repository.list_held(tx, account_id)
    claims = [one.claim for one in held if one.claim and (one.expires_at is None or one.expires_at > now)]
    return levels_in(claims, organisation_id)


async def edits_game(
    tx: Transaction, account_id: UUID, organisation_id: UUID, game_id: UUID, now: datetime
) -> bool:
    """Return whether an account may do an editor's work for a game of an organisation, by a grant for the one or the other."""
    held = await repository.list_held(tx, account_id)
    claims = [one.claim for one in held if one.claim and (one.expires_at is None or one.expires_at > now)]
    return "editor" in levels_in(claims, organisation_id, game_id)


async def organisation_of_game(
    tx: Transaction, account_id: UUID, game_id: UUID, now: datetime, *, within: UUID | None
) -> UUID | None:
    """Return the organisation in whose game an account may do an editor's work, by a grant for this very game.

    A grant for the whole organisation does not do: which games are whose, auth knows from grants alone.

    Args:
        tx: The transaction.
        account_id: Who.
        game_id: The game.
        now: The present moment.
        within: Only in this organisation.
    """
    for held in await repository.list_held(tx, account_id):
        if (
            held.game_id == game_id
            and held.level in _WORKS_ON_IT
            and within in {None, held.organisation_id}
            and (held.expires_at is None or held.expires_at > now)
        ):
            return held.organisation_id
    return None
