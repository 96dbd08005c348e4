"""What auth says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.personal_data import PersonalData, Table
from samovar.services.auth.sessions import ending


async def end_everything(tx: Transaction, account_id: UUID, clock: Clock) -> None:
    """End all sessions of somebody who is being erased: their access tokens live for minutes yet."""
    await ending.end_all(tx, account_id, "account_erased", clock.now(), kinds=ending.ALL_KINDS)


HOLDINGS = PersonalData(
    tables=(
        Table(name="accounts", person=("id",)),
        # Whether such a login exists is unknown when somebody has forgotten a password.
        Table(name="reset_requests", person=(), address="login"),
        Table(name="audit", hidden=("actor_id",)),
        # Who gave a role, or redeemed a ticket, is somebody else.
        Table(name="role_grants", hidden=("granted_by", "revoked_by")),
        Table(name="launch_tickets", hidden=("redeemed_by", "redeemed_in")),
        # A game's client goes on working; it is the organisation's.
        Table(name="clients", person=("owner_id",), becomes={"owner_id": None}),
    ),
    before_erasing=end_everything,
)
