"""Asks auth for API keys, for the person whose token is passed on; nothing of them is kept here."""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Forbidden, NotFound, SamovarError, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.developer.errors import AuthAway, OrganisationNotFound
from samovar.services.developer.organisations.api_keys.errors import ApiKeyNotFound, TooManyApiKeys
from samovar.services.developer.organisations.api_keys.schemas import ApiKey, ApiKeyMade, NewApiKey

TIMEOUT_S = 3.0

T = TypeVar("T")


class Keys:
    """Asks auth. Every method raises `AuthAway` when it does not answer, and `OrganisationNotFound` when the caller is no owner."""

    def __init__(self, peers: Peers) -> None:
        self._keys = ApiKeysStub(peers.channel("auth"))

    async def make(self, organisation_id: UUID, wanted: NewApiKey, address: str) -> ApiKeyMade:
        """Make a key.

        Raises:
            InvalidInput: The caller may do nothing of the scope, or a network is none.
            TooManyApiKeys: The caller has as many as one may have.
        """
        answer = await _answered(
            self._keys.MakeOrganisationKey(
                v1_pb2.MakeOrganisationKeyRequest(
                    organisation_id=str(organisation_id),
                    game_id=str(wanted.game_id) if wanted.game_id else None,
                    name=wanted.name,
                    scope=wanted.scope,
                    expires_in_days=wanted.expires_in_days,
                    networks=wanted.networks,
                    address=address,
                ),
                timeout=TIMEOUT_S,
            )
        )
        return ApiKeyMade(key=answer.key, made=_key(answer.made))

    async def page(
        self, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> tuple[list[ApiKey], str | None]:
        """Return the keys that hold in an organisation, the latest first, and where the next page begins.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        answer = await _answered(
            self._keys.ListOrganisationKeys(
                v1_pb2.ListOrganisationKeysRequest(
                    organisation_id=str(organisation_id), limit=limit, cursor=cursor or ""
                ),
                timeout=TIMEOUT_S,
            )
        )
        return [_key(one) for one in answer.keys], answer.next_cursor or None

    async def end(self, organisation_id: UUID, key_id: UUID, address: str) -> None:
        """End a key.

        Raises:
            ApiKeyNotFound: The organisation has no such key, or it is over.
        """
        await _answered(
            self._keys.EndOrganisationKey(
                v1_pb2.EndOrganisationKeyRequest(
                    organisation_id=str(organisation_id), key_id=str(key_id), address=address
                ),
                timeout=TIMEOUT_S,
            )
        )


def _key(row: v1_pb2.OrganisationKey) -> ApiKey:
    return msgspec.convert(
        {
            "id": row.id,
            "account_id": row.account_id,
            "name": row.name,
            "hint": row.hint,
            "scope": row.scope,
            "game_id": row.game_id if row.HasField("game_id") else None,
            "networks": list(row.networks),
            "created_at": row.created_at,
            "last_used_at": row.last_used_at,
            "last_address": row.last_address if row.HasField("last_address") else None,
            "expires_at": row.expires_at,
        },
        ApiKey,
    )


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise AuthAway(f"auth: {error}", retry_after_s=error.retry_after_s or 1.0) from error
    except SamovarError as error:
        if error.code == "auth.too_many_api_keys":
            raise TooManyApiKeys(str(error), **error.params) from error
        if isinstance(error, Forbidden):
            raise OrganisationNotFound(str(error)) from error
        if isinstance(error, NotFound):
            raise ApiKeyNotFound(str(error)) from error
        raise
