"""Notification as it is declared."""

from samovar.services.notification.app import service


def test_every_event_is_its_own_and_every_other_service_is_heard() -> None:
    assert {event.publisher() for event in service.publishes} == {"notification"}
    heard = {consumer.event.publisher() for consumer in service.consumers}
    assert {"payment", "library", "account", "catalog", "auth", "developer"} <= heard


def test_no_route_shows_an_inbox_to_anybody_but_its_owner() -> None:
    assert {route.policy.auth for route in service.routes} == {"player"}
