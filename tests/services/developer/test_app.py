"""Developer as it is declared."""

from samovar.services.developer.app import service


def test_every_event_is_its_own() -> None:
    assert {event.publisher() for event in service.publishes} == {"developer"}


def test_every_path_is_a_developers_or_for_staff() -> None:
    assert {route.path.split("/")[2] for route in service.routes} == {"dev", "admin"}
    for route in service.routes:
        assert (route.policy.auth == "staff") == route.path.startswith("/v1/admin/"), route.path
