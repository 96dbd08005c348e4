"""The skeleton of developer: declared, with nothing pretended."""

from samovar.services.developer.app import service


def test_it_pretends_no_feature() -> None:
    assert (service.name, service.routes, service.rpc, service.publishes) == ("developer", (), (), ())
