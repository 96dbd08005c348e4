"""The ends of sessions, as clients have to hear of them."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.auth.contract.events import SessionRevoked
from samovar.services.auth.sign_out.use_cases import Notices


@consumes(SessionRevoked)
async def promise_to_tell_clients(event: SessionRevoked, tx: Transaction, notices: Notices) -> None:
    """Promise to tell the clients in which the person is signed in by this session."""
    await notices.promise(tx, event)
