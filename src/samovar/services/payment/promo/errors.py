"""What can go wrong with promo codes.

NotFound
└── PromoCodeNotFound    404  payment.promo_code_not_found  no such code of the caller's
Conflict
├── PromoCodeExhausted   409  payment.promo_code_exhausted  redeemed as often as it may be, or ended since it was quoted
├── PromoCodeRefused     409  payment.promo_code_refused    it takes nothing off this purchase; `errors` says why
├── PromoCodeExists      409  payment.promo_code_exists     another code reads like it
└── PromoCodesFull       409  payment.promo_codes_full      an organisation has as many as it may
RateLimited
└── TooManyPromoCodes    429  payment.too_many_promo_codes  too many codes were tried
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited


class PromoCodeNotFound(NotFound):
    """There is no such promo code, or it is not the caller's to see."""

    code = "payment.promo_code_not_found"


class PromoCodeExhausted(Conflict):
    """The promo code has been redeemed as often as it may be, or was ended."""

    code = "payment.promo_code_exhausted"


class PromoCodeRefused(Conflict):
    """The promo code takes nothing off this purchase; the field says why."""

    code = "payment.promo_code_refused"


class PromoCodeExists(Conflict):
    """There is a promo code that reads like this one."""

    code = "payment.promo_code_exists"


class PromoCodesFull(Conflict):
    """The organisation has as many promo codes as it may; the parameter `count` says how many."""

    code = "payment.promo_codes_full"


class TooManyPromoCodes(RateLimited):
    """Too many promo codes were tried."""

    code = "payment.too_many_promo_codes"
