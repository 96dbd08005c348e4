"""REST: a player's wallet."""

from typing import Annotated

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.money import Currency
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, get
from samovar.services.payment.wallet.schemas import EntryFilters, WalletEntry, WalletView
from samovar.services.payment.wallet.use_cases import Wallet

AcceptLanguage = Annotated[str | None, header("Accept-Language")]
READS = RateLimit(120, per_s=60, by="account")
EXPORTS = RateLimit(10, per_s=60, by="account")
CSV = "text/csv"


@get("/v1/wallet", auth="player", rate_limit=READS, raises=(InvalidInput,))
async def show_wallet(caller: Caller, wallet: Wallet, currency: Currency = "RUB") -> WalletView:
    """Show what one can pay with, bonus money apart."""
    return await wallet.show(caller, currency)


@get("/v1/wallet/transactions", auth="player", rate_limit=READS, raises=(InvalidInput,))
async def list_wallet_transactions(
    caller: Caller,
    wallet: Wallet,
    filters: EntryFilters,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
    accept_language: AcceptLanguage = None,
) -> Page[WalletEntry]:
    """List what went in and out, the newest first, each line with what was left."""
    return await wallet.history(caller, filters, cursor, limit, language_of(accept_language))


@get(
    "/v1/wallet/transactions/csv",
    auth="player",
    rate_limit=EXPORTS,
    media_type=CSV,
    raises=(InvalidInput,),
)
async def export_wallet_transactions(
    caller: Caller, wallet: Wallet, filters: EntryFilters, accept_language: AcceptLanguage = None
) -> Answer:
    """Return the same as a table for spreadsheets, the newest 10,000 lines."""
    content = await wallet.export(caller, filters, language_of(accept_language))
    headers = {
        "Content-Disposition": 'attachment; filename="wallet.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(content, media_type=f"{CSV}; charset=utf-8", headers=headers)
