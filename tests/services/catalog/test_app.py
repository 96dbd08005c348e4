"""Catalog answers at its probes with an empty database of its own."""

from samovar.services.catalog.app import service


def test_every_event_is_its_own() -> None:
    assert {event.publisher() for event in service.publishes} == {"catalog"}
