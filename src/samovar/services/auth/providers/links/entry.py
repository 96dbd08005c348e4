"""Whether the links of an account let its owner in: a link to a provider that is off, or no first factor there, does not."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.providers import repository
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.domain import CountryPolicy
from samovar.services.auth.providers.repository import Link
from samovar.services.auth.providers.settings import ProviderName


class Entry:
    """Judges links."""

    def __init__(self, providers: Mapping[ProviderName, Provider], policy: CountryPolicy) -> None:
        self._providers = providers
        self._policy = policy

    def opens(self, links: Iterable[Link]) -> bool:
        """Return whether one of the links lets its owner in."""
        return any(
            link.provider in self._providers
            and self._policy.decide(link.provider, link.country).standing == "first"
            for link in links
        )

    async def is_open(self, tx: Transaction, account_id: UUID) -> bool:
        """Return whether the account can be entered by a link."""
        return self.opens(await repository.lock_links(tx, account_id))
