"""What account tells of people that decides what they may see."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import AgeLevelChanged, SettingsChanged
from samovar.services.catalog.viewers import repository


@consumes(AgeLevelChanged)
async def keep_age_level(event: AgeLevelChanged, tx: Transaction) -> None:
    """Keep how old a person is known to be."""
    await repository.upsert_age_level(tx, event.account_id, event.level, event.changed_at)


@consumes(SettingsChanged)
async def keep_country(event: SettingsChanged, tx: Transaction) -> None:
    """Keep the country that a person has named."""
    await repository.upsert_country(tx, event.account_id, event.country, event.version)
