"""REST: keys, as developers make them and players redeem them."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, get, post
from samovar.services.library.keys.errors import (
    AlreadyOwned,
    CatalogAway,
    KeyBatchNotFound,
    KeyExpired,
    KeyNotFound,
    KeyNotHere,
    KeyRevoked,
    KeyUsed,
    PackageNotFound,
    TooManyKeys,
    TooManyRedemptions,
)
from samovar.services.library.keys.schemas import (
    KeyAnswer,
    KeyQuestion,
    NewKeyBatch,
    Redeemed,
    Redemption,
    ShownBatch,
)
from samovar.services.library.keys.use_cases import MANAGE, KeyBatches, Redemptions

BODY_BYTES_MAX = 4_096
CSV = "text/csv; charset=utf-8"


@post(
    "/v1/dev/packages/{package_id:uuid}/keys",
    auth="player",
    permissions=(MANAGE,),
    rate_limit=RateLimit(20, per_s=3_600, by="account", where="cluster"),
    timeout_ms=15_000,
    body_bytes_max=BODY_BYTES_MAX,
    media_type="text/csv",
    raises=(InvalidInput, PackageNotFound, TooManyKeys, CatalogAway),
)
async def make_keys(package_id: UUID, data: NewKeyBatch, caller: Caller, key_batches: KeyBatches) -> Answer:
    """Make keys and return their codes as CSV, this once: an answer that was lost means to revoke the batch and make another."""
    batch, codes = await key_batches.make(caller, package_id, data)
    lines = ["code", *codes, ""]
    return Answer(
        "\r\n".join(lines).encode(),
        status=201,
        media_type=CSV,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="keys-{batch.batch_id}.csv"',
        },
    )


@get(
    "/v1/dev/packages/{package_id:uuid}/keys",
    auth="player",
    permissions=(MANAGE,),
    raises=(InvalidInput, PackageNotFound, CatalogAway),
)
async def list_key_batches(
    package_id: UUID,
    caller: Caller,
    key_batches: KeyBatches,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ShownBatch]:
    """List the batches of keys of a package, the newest first, and how many of each were redeemed."""
    return await key_batches.list_batches(caller, package_id, cursor, limit)


@get(
    "/v1/dev/organizations/{organisation_id:uuid}/keys",
    auth="player",
    permissions=(MANAGE,),
    raises=(InvalidInput, PackageNotFound),
)
async def list_all_key_batches(
    organisation_id: UUID,
    caller: Caller,
    key_batches: KeyBatches,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ShownBatch]:
    """List the batches of keys of all packages of an organisation, the newest first."""
    return await key_batches.list_all(caller, organisation_id, cursor, limit)


@get(
    "/v1/dev/packages/{package_id:uuid}/keys/{batch_id:uuid}",
    auth="player",
    permissions=(MANAGE,),
    raises=(PackageNotFound, KeyBatchNotFound, CatalogAway),
)
async def show_key_batch(
    package_id: UUID, batch_id: UUID, caller: Caller, key_batches: KeyBatches
) -> ShownBatch:
    """Show a batch of keys; its codes were told when it was made, and never again."""
    return await key_batches.show(caller, package_id, batch_id)


@post(
    "/v1/dev/packages/{package_id:uuid}/keys/look-up",
    auth="player",
    permissions=(MANAGE,),
    status=200,
    idempotent=True,
    rate_limit=RateLimit(60, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, PackageNotFound, KeyNotFound, CatalogAway),
)
async def look_up_key(
    package_id: UUID, data: KeyQuestion, caller: Caller, key_batches: KeyBatches
) -> KeyAnswer:
    """Tell what became of a key of a package: for whoever is asked why it does not work. Who redeemed it is not told."""
    return await key_batches.look_up(caller, package_id, data.code)


@post(
    "/v1/dev/packages/{package_id:uuid}/keys/{batch_id:uuid}/revoke",
    auth="player",
    permissions=(MANAGE,),
    status=200,
    idempotent=True,
    rate_limit=RateLimit(60, per_s=60, by="account"),
    raises=(PackageNotFound, KeyBatchNotFound, CatalogAway),
)
async def revoke_key_batch(
    package_id: UUID, batch_id: UUID, caller: Caller, key_batches: KeyBatches
) -> ShownBatch:
    """Take back the keys of a batch that nobody has redeemed; licences that were made of the others stay."""
    return await key_batches.revoke(caller, package_id, batch_id)


@post(
    "/v1/library/keys/redeem",
    auth="player",
    status=200,
    idempotency_key=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        KeyNotFound,
        KeyUsed,
        KeyExpired,
        KeyRevoked,
        KeyNotHere,
        AlreadyOwned,
        TooManyRedemptions,
        CatalogAway,
    ),
)
async def redeem_key(
    data: Redemption, request: Request, caller: Caller, redemptions: Redemptions, once: Once
) -> Redeemed:
    """Make a licence of an activation key. A refusal leaves the key good for somebody else, or for another country."""
    return await redemptions.redeem(caller.account_id, address_of(request), data, once)
