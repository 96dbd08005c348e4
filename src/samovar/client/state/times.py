"""How long a game was played, in words."""

from samovar.client.state.words import Words

_HOUR = 60
_TENTHS_BELOW = 100


def played(words: Words, minutes: int) -> str:
    """Return a play time: `12,5 ч в игре`; minutes below an hour; that it was never played."""
    if minutes <= 0:
        return words("time.never")
    if minutes < _HOUR:
        return words("time.minutes", count=minutes)
    hours = minutes / _HOUR
    return words("time.hours", hours=words.number(hours, digits=1 if hours < _TENTHS_BELOW else 0))
