"""The rules of profiles, as pure functions."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from samovar.kit.text.visible import is_visible_line
from samovar.services.account.profiles import names

AGE_LEVELS = (0, 6, 12, 16, 18)
BORN_MIN = date(1900, 1, 1)
AVATAR_PATH = "/v1/avatars"
BIO_LINES_MAX = 20
_SEED_LENGTH = 16


def age_level(birth_date: date | None, today: date) -> int:
    """Return the greatest age level (436-ФЗ, article 6) that a person has reached; 0 when the birth date is unknown.

    Args:
        birth_date: Whoever was born on 29 February is a year older on 1 March.
        today: The date in UTC, which comes to no place in Russia before it is true there.
    """
    if birth_date is None:
        return 0
    age = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return max((level for level in AGE_LEVELS if level <= age), default=0)


def next_age_level_on(birth_date: date | None, today: date) -> date | None:
    """Return the day on which the next age level begins, or none."""
    if birth_date is None:
        return None
    return min(
        (day for level in AGE_LEVELS if (day := _anniversary(birth_date, level)) > today), default=None
    )


def _anniversary(birth_date: date, years: int) -> date:
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return date(birth_date.year + years, 3, 1)


def avatar_url(account_id: UUID, avatar: str | None) -> str:
    """Return the path of a person's picture: their own, or the one that is drawn from their id."""
    return f"{AVATAR_PATH}/{avatar or default_avatar(account_id)}"


def default_avatar(account_id: UUID) -> str:
    """Return the name of the picture that is drawn from the id; the id itself cannot be read from it."""
    return "d" + hashlib.sha256(account_id.bytes).hexdigest()[:_SEED_LENGTH]


def is_default_avatar(name: str) -> bool:
    """Return whether a picture of this name is drawn and not kept."""
    return name.startswith("d") and len(name) == 1 + _SEED_LENGTH


def spare_name(account_id: UUID) -> str:
    """Return a display name for somebody whose own must not be shown to everybody."""
    return f"Игрок {default_avatar(account_id)[1:6]}"


def is_birth_date_possible(birth_date: date, today: date) -> bool:
    """Return whether somebody who is alive can have been born then."""
    return BORN_MIN <= birth_date <= today


def is_bio_clean(text: str) -> bool:
    """Return whether a text of several lines can stand among others: no controls but line ends, not too many lines."""
    plain = text.replace("\n", " ")
    controls = any(unicodedata.category(sign)[0] == "C" and sign != "\u200d" for sign in plain)
    return not controls and text.count("\n") < BIO_LINES_MAX


def is_link(url: str) -> bool:
    """Return whether a link can be offered to others: https, a host with a dot, no credentials, nothing invisible."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc and "\\" not in url


def faults(given: Mapping[str, Any], *, today: date) -> Iterator[tuple[str, str]]:
    """Yield the fields of a change that break a rule, each with the code of the rule.

    Args:
        given: The fields of `MePatch` that were given.
        today: The date.
    """
    if (display_name := given.get("display_name")) is not None and (
        code := names.display_name_fault(display_name)
    ):
        yield "display_name", code
    if (name := given.get("name")) is not None and (code := names.name_fault(name)):
        yield "name", code
    if not is_bio_clean(given.get("bio", "")):
        yield "bio", "text_invalid"
    for number, link in enumerate(given.get("links", ())):
        if not is_visible_line(link.title) or names.holds_contact(link.title):
            yield f"links[{number}].title", "text_invalid"
        if not is_link(link.url):
            yield f"links[{number}].url", "link_invalid"
    if (birth_date := given.get("birth_date")) and not is_birth_date_possible(birth_date, today):
        yield "birth_date", "born_in_future"
