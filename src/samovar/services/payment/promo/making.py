"""Reads what a new promo code is to give, and refuses what makes no sense. No I/O."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.text.countries import COUNTRIES
from samovar.kit.text.visible import is_visible_line
from samovar.services.payment.domain import fault_of_currency, fault_of_moment
from samovar.services.payment.promo import domain
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.promo.schemas import NewPromoCode


def code_of(wish: NewPromoCode, drawn: str, *, code_id: UUID, actor_id: UUID, now: datetime) -> PromoCode:
    """Return the code that is wished for; `drawn` is its text where none is named.

    Raises:
        InvalidInput: A field breaks a rule; it is named.
    """
    text = " ".join((wish.code or drawn).split())
    faults = [
        *_faults_of_text(text),
        *_faults_of_gift(wish),
        *_faults_of_scope(wish),
        *_faults_of_time(wish, now),
    ]
    if faults:
        raise InvalidInput(f"{len(faults)} faults", fields=faults)
    money = wish.amount or wish.minimum
    return PromoCode(
        id=code_id,
        code=text,
        code_key=domain.key_of(text),
        organisation_id=wish.organisation_id,
        scope=wish.scope,
        package_ids=wish.package_ids,
        percent=wish.percent,
        amount=wish.amount.amount if wish.amount else None,
        currency=money.currency if money else None,
        minimum=wish.minimum.amount if wish.minimum else None,
        countries=wish.countries,
        starts_at=wish.starts_at or now,
        ends_at=wish.ends_at,
        limit_total=wish.limit_total,
        limit_per_account=wish.limit_per_account,
        redeemed=0,
        actor_id=actor_id,
        created_at=now,
        ended_at=None,
    )


def _faults_of_text(text: str) -> Iterator[FieldError]:
    key = domain.key_of(text)
    if len(key) < domain.KEY_LENGTH_MIN:
        limit = str(domain.KEY_LENGTH_MIN)
        yield FieldError("code", "promo_code_short", "too few letters and digits", limit)
    if len(key) > domain.KEY_LENGTH_MAX:
        limit = str(domain.KEY_LENGTH_MAX)
        yield FieldError("code", "promo_code_long", "too many letters and digits", limit)
    elif not is_visible_line(text):
        yield FieldError("code", "unprintable", "not a text to be read")


def _faults_of_gift(wish: NewPromoCode) -> Iterator[FieldError]:
    if (wish.percent is None) == (wish.amount is None):
        yield FieldError("percent", "percent_or_amount", "a percentage or an amount, one of the two")
    for field, money in (("amount", wish.amount), ("minimum", wish.minimum)):
        if money and money.amount <= 0:
            yield FieldError(f"{field}.amount", "too_small", "more than nothing", "1", money.currency)
        if money and (fault := fault_of_currency(f"{field}.currency", money.currency)):
            yield fault
    if wish.amount and wish.minimum and wish.amount.currency != wish.minimum.currency:
        yield FieldError("minimum.currency", "promo_other_currency", "the currency of the amount")


def _faults_of_scope(wish: NewPromoCode) -> Iterator[FieldError]:
    if (wish.scope == "packages") != bool(wish.package_ids):
        yield FieldError("package_ids", "promo_packages", "with the scope `packages`, and only with it")
    if len(set(wish.package_ids)) < len(wish.package_ids):
        yield FieldError("package_ids", "repeated", "one of them twice")
    if wish.scope == "organisation" and wish.organisation_id is None:
        yield FieldError("organisation_id", "missing", "whose packages")
    if wish.scope == "all" and wish.organisation_id is not None:
        yield FieldError("scope", "promo_not_all", "an organisation gives of its own alone")
    for place, country in enumerate(wish.countries or ()):
        if country not in COUNTRIES:
            yield FieldError(f"countries[{place}]", "country_unknown", "there is no such country")


def _faults_of_time(wish: NewPromoCode, now: datetime) -> Iterator[FieldError]:
    moments = (("starts_at", wish.starts_at), ("ends_at", wish.ends_at))
    beyond = [fault for field, moment in moments if moment and (fault := fault_of_moment(field, moment))]
    yield from beyond
    if wish.ends_at is None or beyond:
        return
    if wish.ends_at <= now:
        yield FieldError("ends_at", "past", "over already")
    elif wish.starts_at and wish.ends_at <= wish.starts_at:
        yield FieldError("ends_at", "promo_ends_early", "before it begins")
