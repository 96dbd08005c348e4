"""Days as people type them."""

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def day_of(typed: str) -> str | None:
    """Return a day, ISO 8601, from `24.02.1990` or `1990-02-24`; none where there is no such day."""
    local, iso = _DAY.fullmatch(typed.strip()), _ISO.fullmatch(typed.strip())
    if local:
        day, month, year = (int(part) for part in local.groups())
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
