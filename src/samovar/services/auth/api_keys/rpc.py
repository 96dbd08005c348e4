"""gRPC: the gateway exchanges API keys, developer makes, lists and ends those of organisations."""

from uuid import UUID

import msgspec
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput, Unauthenticated
from samovar.kit.identity import Caller, current_caller
from samovar.kit.pagination import LIMIT_DEFAULT, LIMIT_MAX
from samovar.kit.rpc.fields import read_id
from samovar.services.auth.api_keys.domain import SCOPE_LENGTH_MAX
from samovar.services.auth.api_keys.minting import MINUTES_MAX, Minting, Trusted
from samovar.services.auth.api_keys.schemas import (
    NAME_LENGTH_MAX,
    ApiKeyMade,
    ApiKeyOrder,
    OrganisationKey,
)
from samovar.services.auth.api_keys.use_cases import ApiKeys, KeyExchange, OrganisationKeys
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysServicer


class ApiKeysRpc(ApiKeysServicer):
    """Exchanges API keys, and keeps those of organisations for the person whose token the calling service passes on."""

    def __init__(
        self,
        key_exchange: KeyExchange,
        api_keys: ApiKeys,
        organisation_keys: OrganisationKeys,
        minting: Minting,
    ) -> None:
        self._key_exchange = key_exchange
        self._api_keys = api_keys
        self._organisation_keys = organisation_keys
        self._minting = minting

    async def ExchangeApiKey(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.ExchangeApiKeyRequest,
        context: ServicerContext[v1_pb2.ExchangeApiKeyRequest, v1_pb2.ExchangeApiKeyResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.ExchangeApiKeyResponse:
        """Return the short access token that stands for a key."""
        exchanged = await self._key_exchange.exchange(request.key, request.address)
        return v1_pb2.ExchangeApiKeyResponse(
            access_token=exchanged.access_token,
            expires_in_s=exchanged.expires_in_s,
            is_bound_to_address=exchanged.is_bound_to_address,
        )

    async def MakeOrganisationKey(  # noqa: N802  as above
        self,
        request: v1_pb2.MakeOrganisationKeyRequest,
        context: ServicerContext[v1_pb2.MakeOrganisationKeyRequest, v1_pb2.MakeOrganisationKeyResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.MakeOrganisationKeyResponse:
        """Make a key that holds in one organisation."""
        caller = _caller()
        made = await self._api_keys.make(caller, _order(request), request.address, as_owner=True)
        return _made(made, caller.account_id)

    async def MintPublishingKey(  # noqa: N802  as above
        self,
        request: v1_pb2.MintPublishingKeyRequest,
        context: ServicerContext[v1_pb2.MintPublishingKeyRequest, v1_pb2.MakeOrganisationKeyResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.MakeOrganisationKeyResponse:
        """Make a key of minutes for a pipeline."""
        if not 0 < request.minutes <= MINUTES_MAX:
            raise InvalidInput(
                fields=[FieldError("minutes", "too_large", f"1 to {MINUTES_MAX}", limit=str(MINUTES_MAX))]
            )
        trusted = _trusted(request)._replace(name=request.name[:NAME_LENGTH_MAX], minutes=request.minutes)
        return _made(await self._minting.mint(trusted, request.address), trusted.account_id)

    async def CheckPublishingScope(  # noqa: N802  as above
        self,
        request: v1_pb2.CheckPublishingScopeRequest,
        context: ServicerContext[v1_pb2.CheckPublishingScopeRequest, v1_pb2.CheckPublishingScopeResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.CheckPublishingScopeResponse:
        """Say which scope a pipeline's key would have."""
        return v1_pb2.CheckPublishingScopeResponse(scope=await self._minting.check(_trusted(request)))

    async def ListOrganisationKeys(  # noqa: N802  as above
        self,
        request: v1_pb2.ListOrganisationKeysRequest,
        context: ServicerContext[v1_pb2.ListOrganisationKeysRequest, v1_pb2.ListOrganisationKeysResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.ListOrganisationKeysResponse:
        """Return the keys that hold in an organisation."""
        limit = request.limit or LIMIT_DEFAULT
        if limit > LIMIT_MAX:
            raise InvalidInput(
                fields=[FieldError("limit", "too_large", f"at most {LIMIT_MAX}", limit=str(LIMIT_MAX))]
            )
        page = await self._organisation_keys.page(
            _caller(),
            read_id("organisation_id", request.organisation_id),
            limit=limit,
            cursor=request.cursor or None,
        )
        return v1_pb2.ListOrganisationKeysResponse(
            keys=[_shown(one) for one in page.items], next_cursor=page.next_cursor or ""
        )

    async def EndOrganisationKey(  # noqa: N802  as above
        self,
        request: v1_pb2.EndOrganisationKeyRequest,
        context: ServicerContext[v1_pb2.EndOrganisationKeyRequest, v1_pb2.EndOrganisationKeyResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.EndOrganisationKeyResponse:
        """End a key that holds in an organisation."""
        await self._organisation_keys.end(
            _caller(),
            read_id("organisation_id", request.organisation_id),
            read_id("key_id", request.key_id),
            request.address,
        )
        return v1_pb2.EndOrganisationKeyResponse()


def _trusted(request: v1_pb2.MintPublishingKeyRequest | v1_pb2.CheckPublishingScopeRequest) -> Trusted:
    return Trusted(
        account_id=read_id("account_id", request.account_id),
        organisation_id=read_id("organisation_id", request.organisation_id),
        game_id=read_id("game_id", request.game_id),
        scope=request.scope[:SCOPE_LENGTH_MAX],
    )


def _caller() -> Caller:
    caller = current_caller.get()
    if caller is None:
        raise Unauthenticated("the calling service passes on nobody's token")
    return caller


def _made(made: ApiKeyMade, account_id: UUID) -> v1_pb2.MakeOrganisationKeyResponse:
    return v1_pb2.MakeOrganisationKeyResponse(
        key=made.key,
        made=v1_pb2.OrganisationKey(
            id=str(made.id),
            account_id=str(account_id),
            name=made.name,
            hint=made.hint,
            scope=made.scope,
            game_id=str(made.game_id) if made.game_id else None,
            networks=made.networks,
            created_at=made.created_at.isoformat(),
            last_used_at=made.created_at.isoformat(),
            expires_at=made.expires_at.isoformat(),
        ),
    )


def _order(request: v1_pb2.MakeOrganisationKeyRequest) -> ApiKeyOrder:
    """Return what is ordered, within the limits that REST has for the same."""
    read_id("organisation_id", request.organisation_id)
    fields = {
        "name": request.name,
        "scope": request.scope,
        "organisation_id": request.organisation_id,
        "game_id": str(read_id("game_id", request.game_id)) if request.HasField("game_id") else None,
        "expires_in_days": request.expires_in_days,
        "networks": list(request.networks),
    }
    try:
        return msgspec.convert(fields, ApiKeyOrder)
    except msgspec.ValidationError as error:
        field = str(error).partition("`$.")[2].partition("`")[0] or "name"
        raise InvalidInput(fields=[FieldError(field, "invalid", str(error))]) from None


def _shown(one: OrganisationKey) -> v1_pb2.OrganisationKey:
    return v1_pb2.OrganisationKey(
        id=str(one.id),
        account_id=str(one.account_id),
        name=one.name,
        hint=one.hint,
        scope=one.scope,
        game_id=str(one.game_id) if one.game_id else None,
        networks=one.networks,
        created_at=one.created_at.isoformat(),
        last_used_at=one.last_used_at.isoformat(),
        last_address=one.last_address,
        expires_at=one.expires_at.isoformat(),
    )
