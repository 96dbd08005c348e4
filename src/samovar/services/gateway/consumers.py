"""The events that purge cached answers: those that routes name in their tags, known once the contracts are read."""

from samovar.kit.events import Consumer, Event
from samovar.services.gateway.domain import RouteTable
from samovar.services.gateway.edge.cache import ResponseCache


def purging(table: RouteTable) -> list[Consumer]:
    """Return a consumer for every tag. They run in every process, since every process has a cache of its own."""
    caches = [operation.policy.cache for operation in table.operations if operation.policy.cache]
    return [_purging(tag) for tag in sorted({tag for cache in caches for tag in cache.tags})]


def _purging(tag: str) -> Consumer:
    # That it happened is enough: the gateway knows no shapes.
    class Happened(Event, frozen=True, kw_only=True, subject=tag):
        """Something that makes answers of the past wrong."""

    async def purge(responses: ResponseCache) -> None:
        responses.purge(tag)

    return Consumer(name=f"purge_{tag.replace('.', '_')}", event=Happened, mode="broadcast", handler=purge)
