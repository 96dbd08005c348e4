"""REST: trusted pipelines, and what their tokens are exchanged for."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, StepUp, delete, get, post
from samovar.services.developer.errors import AuthAway, CatalogAway
from samovar.services.developer.publishers.errors import (
    IssuerAway,
    PipelineNotTrusted,
    PipelineTokenInvalid,
    PipelineTokenUsed,
    PublisherNotFound,
    TooManyPipelineKeys,
    TooManyPublishers,
)
from samovar.services.developer.publishers.schemas import NewPublisher, PipelineKey, PipelineToken, Publisher
from samovar.services.developer.publishers.use_cases import PipelineKeys, Publishers
from samovar.services.developer.rights import KEYS

BODY_BYTES_MAX = 32_768
FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(60, per_s=3_600, by="account", where="cluster")
EXCHANGES = RateLimit(30, per_s=60, by="address")


@post(
    "/v1/dev/apps/{app_id:uuid}/publishers",
    auth="player",
    permissions=(KEYS,),
    step_up=FRESH,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, PublisherNotFound, TooManyPublishers, AuthAway, CatalogAway),
)
async def trust_pipeline(
    app_id: UUID, data: NewPublisher, caller: Caller, publishers: Publishers
) -> Publisher:
    """Trust a pipeline to publish an app, in the caller's name. For owners."""
    return await publishers.trust(caller, app_id, data)


@get(
    "/v1/dev/apps/{app_id:uuid}/publishers",
    auth="player",
    permissions=(KEYS,),
    raises=(PublisherNotFound, CatalogAway),
)
async def list_publishers(app_id: UUID, caller: Caller, publishers: Publishers) -> list[Publisher]:
    """List the pipelines that are trusted to publish an app. For owners."""
    return await publishers.show(caller, app_id)


@delete(
    "/v1/dev/apps/{app_id:uuid}/publishers/{publisher_id:uuid}",
    auth="player",
    permissions=(KEYS,),
    step_up=FRESH,
    raises=(PublisherNotFound, CatalogAway),
)
async def distrust_pipeline(app_id: UUID, publisher_id: UUID, caller: Caller, publishers: Publishers) -> None:
    """Trust a pipeline no more. Its keys live for minutes; each is in the list of the organisation's keys until then."""
    await publishers.distrust(caller, app_id, publisher_id)


@post(
    "/v1/dev/pipeline-keys",
    auth="public",
    rate_limit=EXCHANGES,
    timeout_ms=15_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        PipelineTokenInvalid,
        PipelineNotTrusted,
        PipelineTokenUsed,
        TooManyPipelineKeys,
        IssuerAway,
        AuthAway,
        CatalogAway,
    ),
)
async def exchange_pipeline_token(
    data: PipelineToken, request: Request, pipeline_keys: PipelineKeys
) -> PipelineKey:
    """Exchange the OpenID Connect token of a trusted pipeline, made for this platform, for a key of minutes that holds in the one app."""
    return await pipeline_keys.exchange(data.token, data.app_id, address_of(request))
