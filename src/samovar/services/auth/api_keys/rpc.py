"""gRPC: the gateway exchanges API keys."""

from grpc.aio import ServicerContext

from samovar.services.auth.api_keys.use_cases import KeyExchange
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysServicer


class ApiKeysRpc(ApiKeysServicer):
    """Exchanges API keys."""

    def __init__(self, key_exchange: KeyExchange) -> None:
        self._key_exchange = key_exchange

    async def ExchangeApiKey(  # noqa: N802  the name in the .proto
        self,
        request: ExchangeApiKeyRequest,
        context: ServicerContext[ExchangeApiKeyRequest, ExchangeApiKeyResponse],  # noqa: ARG002  part of the signature
    ) -> ExchangeApiKeyResponse:
        """Return the short access token that stands for a key."""
        exchanged = await self._key_exchange.exchange(request.key, request.address)
        return ExchangeApiKeyResponse(
            access_token=exchanged.access_token,
            expires_in_s=exchanged.expires_in_s,
            is_bound_to_address=exchanged.is_bound_to_address,
        )
