"""What one can do with the API keys of an organisation."""

from uuid import UUID

from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.services.developer.organisations.api_keys.adapters import Keys
from samovar.services.developer.organisations.api_keys.schemas import ApiKey, ApiKeyMade, NewApiKey
from samovar.services.developer.rights import KEYS, Rights


class OrganisationKeys:
    """API keys that hold in one organisation, as its owners make, see and end them."""

    def __init__(self, *, keys: Keys, rights: Rights) -> None:
        self._keys = keys
        self._rights = rights

    async def make(
        self, caller: Caller, organisation_id: UUID, wanted: NewApiKey, address: str
    ) -> ApiKeyMade:
        """Make a key. It does what its maker may in the organisation, as far as its scope goes.

        Raises:
            AuthAway: Auth does not answer.
            InvalidInput: The caller may do nothing of the scope, or a network is none.
            OrganisationNotFound: There is none, or the caller does not own it.
            TooManyApiKeys: The caller has as many as one may have.
        """
        self._rights.require(caller, KEYS, "owner", organisation_id=organisation_id)
        return await self._keys.make(organisation_id, wanted, address)

    async def page(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[ApiKey]:
        """Return the keys that hold in the organisation alone, whoever made them, the latest first.

        Raises:
            AuthAway: Auth does not answer.
            InvalidInput: The cursor is not one of this list.
            OrganisationNotFound: There is none, or the caller does not own it.
        """
        self._rights.require(caller, KEYS, "owner", organisation_id=organisation_id)
        keys, next_cursor = await self._keys.page(organisation_id, cursor=cursor, limit=limit)
        return Page(keys, next_cursor)

    async def end(self, caller: Caller, organisation_id: UUID, key_id: UUID, address: str) -> None:
        """End a key, whoever made it; it is refused everywhere within seconds.

        Raises:
            ApiKeyNotFound: The organisation has no such key, or it is over.
            AuthAway: Auth does not answer.
            OrganisationNotFound: There is none, or the caller does not own it.
        """
        self._rights.require(caller, KEYS, "owner", organisation_id=organisation_id)
        await self._keys.end(organisation_id, key_id, address)
