"""What an invented game costs in each region, from its price in roubles; when it is on discount."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from samovar.demo.sources import Game

Line = dict[str, object]
_MINOR = 100
_ROUND = 10
# Region, currency, units of it for a thousand roubles, what an amount is rounded to, what is taken off then.
_REGIONS = (
    ("BY", "BYN", 32, 100, 1),
    ("KZ", "KZT", 5_400, 10_000, 1_000),
    ("CIS", "USD", 9, 100, 1),
    ("TR", "TRY", 380, 1_000, 10),
    ("CN", "CNY", 75, 100, 0),
    ("IN", "INR", 780, 10_000, 100),
    ("BR", "BRL", 58, 100, 1),
    ("EU", "EUR", 15, 100, 1),
    ("LATAM", "USD", 11, 100, 1),
    ("MENA", "USD", 11, 100, 1),
    ("SASIA", "USD", 9, 100, 1),
    ("WORLD", "USD", 16, 100, 1),
)
_DISCOUNT = timedelta(days=13)
# After early access has begun, which the store counts from the day on which it hears of it.
_REST = timedelta(days=31)
_AHEAD = timedelta(days=300)
# Six games of ten begin at once, the others take turns, each turn when the one before ends.
_TURNS = (0, 0, 0, 0, 0, 0, 1, 2, 3, 4)
_AGAIN = _DISCOUNT * (max(_TURNS) + 1)


def prices(roubles: int) -> dict[str, Line]:
    """Return the price in each region; 0 is free everywhere."""
    matrix: dict[str, Line] = {"RU": {"amount": roubles * _MINOR, "currency": "RUB"}}
    for region, currency, per_thousand, step, off in _REGIONS:
        exact = roubles * per_thousand * _MINOR // 1_000
        rounded = max(1, round(exact / step)) * step - off if roubles else 0
        matrix[region] = {"amount": rounded, "currency": currency}
    return matrix


def history(package: str, past: list[tuple[int, int]], now: datetime) -> Iterator[Line]:
    """Yield what a package cost in the past, in each region.

    Args:
        package: Its slug.
        past: Days before now, roubles.
        now: The moment of the seeding.
    """
    for days, roubles in past:
        for region, price in prices(roubles).items():
            since = (now - timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
            yield {
                "record": "price_history",
                "package": package,
                "region": region,
                **price,
                "since": _moment(since),
            }


def discounts(games: list[Game], begins: datetime) -> Iterator[Line]:
    """Yield the discounts of the coming months: most games begin at once, the rest in turn, so that no day is without any.

    Args:
        games: Those that are sold.
        begins: The first moment at which a discount may begin.
    """
    reduced = [game for game in games if game.discount and game.price]
    for number, game in enumerate(reduced):
        start = begins + _DISCOUNT * _TURNS[number % len(_TURNS)]
        if game.stage == "early_access":
            start = max(start, begins + _REST)
        if game.stage == "coming_soon":
            yield _discount(game, "launch", start)
            continue
        while start < begins + _AHEAD:
            yield _discount(game, "custom", start)
            start += _AGAIN


def _discount(game: Game, kind: str, start: datetime) -> Line:
    return {
        "record": "discount",
        "package": game.slug,
        "kind": kind,
        "percent": game.discount,
        "starts_at": _moment(start),
        "ends_at": _moment(start + _DISCOUNT),
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
