"""What account tells of people that decides what they may be given."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import SettingsChanged
from samovar.services.payment.asking import repository


@consumes(SettingsChanged)
async def keep_residence(event: SettingsChanged, tx: Transaction) -> None:
    """Keep the country that a person has named."""
    await repository.upsert_residence(tx, event.account_id, event.country, event.version)
