"""What an API key is narrowed to, for other rooms, in the caller's transaction."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.api_keys import domain, repository


async def place_of(tx: Transaction, session_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return the organisation in which a key holds alone, and the game of it; none when it holds in all, or is no key."""
    place = await repository.find_place(tx, session_id)
    return (place.organisation_id, place.game_id) if place else (None, None)


async def places_of(tx: Transaction, session_id: UUID, grants: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of an account's places that one of its sessions has: all of them, unless it is a narrowed key."""
    place = await repository.find_place(tx, session_id)
    if place is None:
        return grants
    return domain.narrowed((), grants, place.organisation_id, place.game_id)[1]
