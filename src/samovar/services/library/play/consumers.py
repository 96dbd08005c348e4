"""Library's own event: a licence that is over ends what is played by it."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.library.contract.events import LicenceRevoked
from samovar.services.library.play.use_cases import PlaySessions


@consumes(LicenceRevoked)
async def end_play_without_licence(
    event: LicenceRevoked, tx: Transaction, play_sessions: PlaySessions
) -> None:
    """End the sessions of apps that no other licence opens."""
    await play_sessions.end_unlicensed(tx, event.account_id, event.app_ids)
