"""The skeleton of social: declared, with nothing pretended."""

from samovar.services.social.app import service


def test_it_pretends_no_feature() -> None:
    assert (service.name, service.routes, service.rpc, service.publishes) == ("social", (), (), ())
