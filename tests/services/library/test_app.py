"""The skeleton of library: declared, with nothing pretended."""

from samovar.services.library.app import service


def test_it_pretends_no_feature() -> None:
    assert (service.name, service.routes, service.rpc, service.publishes) == ("library", (), (), ())
