"""REST: keys with which developers sign builds."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.download.builds.schemas import HexHash
from samovar.services.download.errors import (
    AppNotFound,
    BuildKeyNotFound,
    IntroductionRefused,
    TooManyBuildKeys,
)
from samovar.services.download.keys.schemas import NewKey, SigningKey
from samovar.services.download.keys.use_cases import BuildKeys
from samovar.services.download.rights import SIGN

BODY_BYTES_MAX = 4_096
_KEYS = "/v1/dev/organizations/{organization_id:uuid}/build-keys"
_WRITES = RateLimit(60, per_s=3_600, by="account", where="cluster")


@post(
    _KEYS,
    auth="player",
    permissions=(SIGN,),
    rate_limit=_WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, BuildKeyNotFound, IntroductionRefused, TooManyBuildKeys),
)
async def add_build_key(
    organization_id: UUID, data: NewKey, caller: Caller, build_keys: BuildKeys
) -> SigningKey:
    """Let builds of the organisation be signed with a key; the platform never has its other half."""
    return await build_keys.add(caller, organization_id, data)


@get(_KEYS, auth="player", permissions=(SIGN,), raises=(AppNotFound,))
async def list_build_keys(organization_id: UUID, caller: Caller, build_keys: BuildKeys) -> list[SigningKey]:
    """List the keys of the organisation, revoked ones too, the newest first."""
    return await build_keys.list_keys(caller, organization_id)


@delete(
    _KEYS + "/{key_id:str}",
    auth="player",
    permissions=(SIGN,),
    rate_limit=_WRITES,
    raises=(InvalidInput, AppNotFound, BuildKeyNotFound),
)
async def revoke_build_key(
    organization_id: UUID, key_id: HexHash, caller: Caller, build_keys: BuildKeys
) -> None:
    """Let nothing more be signed with a key; complete builds stay."""
    await build_keys.revoke(caller, organization_id, key_id)
