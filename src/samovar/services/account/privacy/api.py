"""REST: to whom one shows what."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, delete, get, patch, put
from samovar.services.account.errors import AccountNotFound, AccountNotReady, TooManyExceptions
from samovar.services.account.privacy.schemas import NewException, Privacy, PrivacyPatch
from samovar.services.account.privacy.use_cases import PrivacyRules

BODY_BYTES_MAX = 4_096
WRITES = RateLimit(60, by="account")


@get("/v1/accounts/me/privacy", auth="player", etag=True)
async def show_my_privacy(caller: Caller, privacy_rules: PrivacyRules) -> Privacy:
    """Show to whom one shows what.

    A block hides everything, whatever stands here. Whoever does not see the profile sees no section.
    """
    return await privacy_rules.show(caller.account_id)


@patch(
    "/v1/accounts/me/privacy",
    auth="player",
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, AccountNotReady),
)
async def change_my_privacy(
    data: PrivacyPatch, caller: Caller, privacy_rules: PrivacyRules, if_match: IfMatch = None
) -> Privacy:
    """Change to whom one shows what; what is absent stays."""
    return await privacy_rules.change(caller, data, if_match=if_match)


@put(
    "/v1/accounts/me/privacy/exceptions/{account_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, AccountNotReady, AccountNotFound, TooManyExceptions),
)
async def make_privacy_exception(
    account_id: UUID,
    data: NewException,
    caller: Caller,
    privacy_rules: PrivacyRules,
    if_match: IfMatch = None,
) -> Privacy:
    """Open or close sections for one person, whatever the rules say, and show how things stand then."""
    return await privacy_rules.except_person(caller, account_id, data, if_match=if_match)


@delete("/v1/accounts/me/privacy/exceptions/{account_id:uuid}", auth="player", rate_limit=WRITES)
async def drop_privacy_exception(account_id: UUID, caller: Caller, privacy_rules: PrivacyRules) -> None:
    """Let the rules hold for a person again."""
    await privacy_rules.drop_exception(caller, account_id)
