"""Asks catalog whose an app is, and auth for keys."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.errors import Conflict, DeadlineExceeded, Forbidden, InvalidInput, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract import v1_pb2 as auth
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.catalog.contract import v1_pb2 as catalog
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.developer.errors import AuthAway, CatalogAway
from samovar.services.developer.publishers.errors import (
    PipelineNotTrusted,
    PublisherNotFound,
    TooManyPipelineKeys,
)
from samovar.services.developer.publishers.schemas import PipelineKey, Publisher

TIMEOUT_S = 3.0


class Owners:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def organisation_of(self, app_id: UUID) -> UUID | None:
        """Return who publishes an app; none when there is no such app, or nobody here does.

        Raises:
            CatalogAway: Catalog does not answer.
        """
        try:
            found = await self._apps.BatchGetApps(
                catalog.BatchGetAppsRequest(app_ids=[str(app_id)]), timeout=TIMEOUT_S
            )
        except (Unavailable, DeadlineExceeded) as error:
            raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        app = found.apps.get(str(app_id))
        return UUID(app.organisation_id) if app is not None and app.HasField("organisation_id") else None


class Mint:
    """Asks auth."""

    def __init__(self, peers: Peers) -> None:
        self._keys = ApiKeysStub(peers.channel("auth"))

    async def scope_for(self, publisher: Publisher) -> str:
        """Return the scope that a publisher's keys would have, in its one spelling.

        Raises:
            AuthAway: Auth does not answer.
            InvalidInput: Whoever trusts the pipeline may do nothing of a part of it.
            PublisherNotFound: They may publish nothing there.
        """
        try:
            checked = await self._keys.CheckPublishingScope(
                auth.CheckPublishingScopeRequest(
                    account_id=str(publisher.account_id),
                    organisation_id=str(publisher.organisation_id),
                    game_id=str(publisher.app_id),
                    scope=publisher.scope,
                ),
                timeout=TIMEOUT_S,
            )
        except (Unavailable, DeadlineExceeded) as error:
            raise AuthAway(f"auth: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        except Forbidden as error:
            raise PublisherNotFound(str(error)) from error
        return checked.scope

    async def key_for(self, publisher: Publisher, *, minutes: int, address: str) -> PipelineKey:
        """Return a key that holds in the publisher's app alone.

        Raises:
            AuthAway: Auth does not answer.
            PipelineNotTrusted: Whoever trusts the pipeline may do nothing of that any more.
            TooManyPipelineKeys: As many live in their name as may.
        """
        try:
            made = await self._keys.MintPublishingKey(
                auth.MintPublishingKeyRequest(
                    account_id=str(publisher.account_id),
                    organisation_id=str(publisher.organisation_id),
                    game_id=str(publisher.app_id),
                    name=publisher.repository[:64],
                    scope=publisher.scope,
                    minutes=minutes,
                    address=address,
                ),
                timeout=TIMEOUT_S,
            )
        except (Unavailable, DeadlineExceeded) as error:
            raise AuthAway(f"auth: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        except (Forbidden, InvalidInput) as error:
            raise PipelineNotTrusted(str(error)) from error
        except Conflict as error:
            raise TooManyPipelineKeys(str(error)) from error
        return PipelineKey(
            key=made.key,
            scope=made.made.scope,
            expires_at=msgspec.convert(made.made.expires_at, datetime),
        )
