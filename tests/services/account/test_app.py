"""The skeleton of account: declared, with nothing pretended."""

from samovar.services.account.app import service


def test_it_pretends_no_feature() -> None:
    assert (service.name, service.routes, service.rpc, service.publishes) == ("account", (), (), ())
