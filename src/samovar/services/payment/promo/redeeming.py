"""Redeeming a promo code: a function that takes the transaction first, called when a quote is taken."""

from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.promo import repository
from samovar.services.payment.promo.errors import PromoCodeExhausted
from samovar.services.payment.quotes.domain import Quote


async def redeem(tx: Transaction, quote: Quote, *, now: datetime) -> None:
    """Redeem the code of a quote that is being taken, if it has one; the lock of the quote makes it once.

    The row of a code with a total limit is where all its buyers meet, so that it is never oversold; one without a limit has no such
    place, and the purchases of a release day do not wait for one another.

    Raises:
        PromoCodeExhausted: It has been redeemed as often as it may be, by this account or in all, or was ended.
    """
    if quote.promo_code_id is None:
        return
    code = await repository.find_code(tx, quote.promo_code_id)
    if code is None or not code.holds(now):
        raise PromoCodeExhausted(f"{quote.promo_code_id} is over")
    if code.limit_total is not None and not await repository.take_one(tx, code.id):
        raise PromoCodeExhausted(f"{code.id}: all {code.limit_total} are redeemed")
    if not await repository.use_one(tx, code.id, quote.account_id, code.limit_per_account):
        raise PromoCodeExhausted(f"{code.id}: {quote.account_id} has used it")
    await repository.insert_redemption(
        tx,
        quote_id=quote.id,
        code_id=code.id,
        account_id=quote.account_id,
        amount=quote.subtotal - quote.total,
        currency=quote.currency,
        now=now,
    )
