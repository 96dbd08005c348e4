"""Payment keeps where people live, and forgets no later word for an earlier one."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from samovar.services.account.contract.events import SettingsChanged
from tests.services.payment.market import Market


async def tell(market: Market, account_id: UUID, country: str | None, version: int) -> None:
    event_id = uuid4()
    changed: Any = SettingsChanged(
        account_id=account_id,
        language="ru",
        country=country,
        time_zone="Europe/Moscow",
        version=version,
        changed_at=datetime.now(UTC),
    )
    await market.payment.announce(changed, event_id=event_id)
    await market.payment.until(
        "SELECT true FROM kit.inbox WHERE event_id = $1 AND consumer LIKE '%keep_residence'", event_id
    )


async def lives(market: Market, account_id: UUID) -> str:
    return str((await market.ask("GET", "/v1/cart", account_id)).body["country"])


async def test_the_last_word_counts(market: Market) -> None:
    person = uuid4()
    assert await lives(market, person) == "RU"
    await tell(market, person, "KZ", 2)
    await tell(market, person, "BY", 1)
    assert await lives(market, person) == "KZ"
    await tell(market, person, None, 3)
    assert await lives(market, person) == "RU"
