"""Events that services publish purge the answers of the routes that name them."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

from samovar.kit.broadcasts import Broadcasts
from samovar.kit.bus import Bus, Message
from samovar.kit.routes import Cache
from samovar.kit.settings import Secret
from samovar.services.gateway.consumers import purging
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.edge.cache import Fetched, ResponseCache
from tests.services.gateway.conftest import until
from tests.services.gateway.shop import RESTOCKED, contract, routes


async def test_an_event_purges_what_names_it(nats_url: str) -> None:
    cache = ResponseCache(1_000_000)
    consumers = purging(route_table([contract(*routes())]))
    assert [consumer.event.subject for consumer in consumers] == [f"samovar.{RESTOCKED}"]
    rule = Cache(ttl_s=600, tags=(RESTOCKED,))

    async def fetch() -> Fetched:
        return Fetched(200, (), b"shelf")

    async def purged() -> bool:
        return (await cache.get("key", "route", rule, fetch)).outcome == "miss"

    assert await purged()
    assert not await purged()
    bus = await Bus.connect(Secret(nats_url), "test")
    await bus.ensure_stream("shop")
    listening = asyncio.create_task(Broadcasts("gateway", consumers, {"responses": cache}, bus=bus).run())
    headers = {"ce-specversion": "1.0", "ce-id": str(uuid4()), "ce-time": datetime.now(UTC).isoformat()}
    # Whatever else the event says.
    body = b'{"thing_id": "1", "colour": {"name": "red"}}'
    await bus.publish(
        [Message(subject=f"samovar.{RESTOCKED}", message_id=str(uuid4()), headers=headers, payload=body)]
    )
    assert await until(purged)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await bus.close()
