"""REST: what one agreed to, and the wordings."""

from samovar.kit.i18n import Language
from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import Cache, RateLimit, get, put
from samovar.services.account.consents.errors import ConsentRequired, PurposeUnknown, TextVersionUnknown
from samovar.services.account.consents.schemas import Consent, Consents, Decision, Wording
from samovar.services.account.consents.use_cases import Ledger

BODY_BYTES_MAX = 4_096


@get("/v1/accounts/me/consents", auth="player")
async def list_my_consents(caller: Caller, ledger: Ledger) -> Consents:
    """Show where one stands on every purpose."""
    return await ledger.all(caller.account_id)


@get("/v1/accounts/me/consents/{purpose:str}", auth="player", raises=(PurposeUnknown,))
async def show_my_consent(purpose: str, caller: Caller, ledger: Ledger) -> Consent:
    """Show where one stands on a purpose: `terms`, `personal_data` or `advertising`."""
    return await ledger.one(caller.account_id, purpose)


@put(
    "/v1/accounts/me/consents/{purpose:str}",
    auth="player",
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(PurposeUnknown, TextVersionUnknown, ConsentRequired),
)
async def decide_on_consent(
    purpose: str, data: Decision, caller: Caller, request: Request, ledger: Ledger
) -> Consent:
    """Say yes or no to a purpose. Each word of it is kept: the wording, the time, the network address.

    `terms` and `personal_data` cannot be taken back by themselves: have the account erased.
    """
    return await ledger.decide(caller.account_id, purpose, data, address=address_of(request))


@get(
    "/v1/consents/texts/{purpose:str}",
    auth="public",
    cache=Cache(ttl_s=300, stale_s=3_600, query=("language", "version")),
    raises=(PurposeUnknown, TextVersionUnknown),
)
async def show_wording(
    purpose: str, ledger: Ledger, language: Language = "ru", version: str | None = None
) -> Wording:
    """Show what people are asked to agree to, of today or of an older version."""
    return ledger.wording(purpose, version, language)
