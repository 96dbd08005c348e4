"""Library as it is declared."""

from samovar.services.library.app import service


def test_every_event_is_its_own_and_payment_is_heard() -> None:
    assert {event.publisher() for event in service.publishes} == {"library"}
    assert "payment" in {consumer.event.publisher() for consumer in service.consumers}
