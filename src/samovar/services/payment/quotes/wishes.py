"""Reads what somebody wants to buy, for quotes and carts."""

import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.text.countries import COUNTRIES
from samovar.kit.text.visible import is_visible_line
from samovar.services.payment.quotes.domain import Wish
from samovar.services.payment.quotes.schemas import ItemWish

RECIPIENTS_MAX = 10
MESSAGE_LINES_MAX = 20
_BLANK_LINES = re.compile(r"\n{3,}")


def wishes_of(account_id: UUID, items: Sequence[ItemWish]) -> list[Wish]:
    """Return what items ask for.

    Raises:
        InvalidInput: One is neither a package nor a bundle, or both; one is there twice; it is given to the caller themselves;
            something is said that is no gift, or cannot be read; or there are gifts for too many people.
    """
    faults = [fault for place, item in enumerate(items) for fault in _faults(account_id, place, item)]
    wishes = [
        Wish(
            package_id=item.package_id,
            bundle_id=item.bundle_id,
            recipient_id=item.gift_to,
            message=None if item.message is None else _message(item.message),
        )
        for item in items
    ]
    seen: set[tuple[UUID | None, UUID | None, UUID | None]] = set()
    for place, wish in enumerate(wishes):
        key = (wish.package_id, wish.bundle_id, wish.recipient_id)
        if key in seen:
            faults.append(FieldError(f"items[{place}]", "repeated", "the same for the same person"))
        seen.add(key)
    recipients = {wish.recipient_id for wish in wishes if wish.recipient_id}
    if len(recipients) > RECIPIENTS_MAX:
        limit = str(RECIPIENTS_MAX)
        faults.append(FieldError("items", "too_many_recipients", "gifts for too many people", limit))
    if faults:
        raise InvalidInput(f"{len(faults)} faults", fields=faults)
    return wishes


def require_country(country: str) -> str:
    """Return a country that there is.

    Raises:
        InvalidInput: There is no such country.
    """
    if country not in COUNTRIES:
        fault = FieldError("country", "country_unknown", "there is no such country")
        raise InvalidInput(country, fields=[fault])
    return country


def _faults(account_id: UUID, place: int, item: ItemWish) -> list[FieldError]:
    field, faults = f"items[{place}]", []
    if (item.package_id is None) == (item.bundle_id is None):
        faults.append(FieldError(field, "package_or_bundle", "a package or a bundle, one of the two"))
    if item.gift_to == account_id:
        faults.append(FieldError(f"{field}.gift_to", "gift_to_oneself", "nobody gives to themselves"))
    if item.message is not None:
        if item.gift_to is None:
            faults.append(FieldError(f"{field}.message", "gift_only", "only with a gift"))
        if not _is_readable(_message(item.message)):
            faults.append(FieldError(f"{field}.message", "message_unreadable", "not a text to be read"))
    return faults


def _message(raw: str) -> str:
    composed = unicodedata.normalize("NFC", raw).replace("\t", " ").replace("\r\n", "\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in composed.split("\n"))).strip()


def _is_readable(text: str) -> bool:
    lines = text.split("\n")
    return bool(text) and len(lines) <= MESSAGE_LINES_MAX and all(map(is_visible_line, filter(None, lines)))
