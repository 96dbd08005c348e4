"""The skeleton of admin: declared, with nothing pretended."""

from samovar.services.admin.app import service


def test_it_pretends_no_feature() -> None:
    assert (service.name, service.routes, service.rpc, service.publishes) == ("admin", (), (), ())
