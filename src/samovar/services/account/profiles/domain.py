"""The rules of profiles, as pure functions."""

import hashlib
from datetime import date
from uuid import UUID

AGE_LEVELS = (0, 6, 12, 16, 18)
BORN_MIN = date(1900, 1, 1)
AVATAR_PATH = "/v1/avatars"
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
