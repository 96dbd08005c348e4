"""REST: profiles of people."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch
from samovar.services.account.errors import (
    AccountNotFound,
    AccountNotReady,
    BirthDateKnown,
    NameChangedLately,
    NameTaken,
)
from samovar.services.account.profiles.schemas import Me, MePatch, Profile
from samovar.services.account.profiles.use_cases import Profiles

BODY_BYTES_MAX = 16_384


@get("/v1/accounts/me", auth="player", etag=True, raises=(AccountNotReady,))
async def show_me(caller: Caller, profiles: Profiles) -> Me:
    """Show one's own account, with what only the person sees."""
    return await profiles.me(caller.account_id)


@patch(
    "/v1/accounts/me",
    auth="player",
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, AccountNotReady, NameTaken, NameChangedLately, BirthDateKnown),
)
async def change_me(data: MePatch, caller: Caller, profiles: Profiles, if_match: IfMatch = None) -> Me:
    """Change what one says of oneself; what is absent stays, null clears.

    All of it is changed, or nothing. A birth date can be given once.
    """
    return await profiles.change(caller, data, if_match=if_match)


@get("/v1/accounts/{account_id:uuid}", auth="player", raises=(AccountNotFound, AccountNotReady))
async def show_profile(account_id: UUID, caller: Caller, profiles: Profiles) -> Profile:
    """Show a person as the caller may see them.

    Somebody who does not exist and somebody who is hidden from the caller are answered alike.
    """
    return await profiles.show(caller.account_id, account_id)
