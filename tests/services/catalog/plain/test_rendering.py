"""Plain pages fit the client that starts on them."""

from samovar.client.web.page import BOOT_PATH, boot
from samovar.client.web.page import HEADERS as OF_THE_CLIENT
from samovar.kit.money import Money
from samovar.services.catalog.plain.linked_data import decimal, script
from samovar.services.catalog.plain.rendering import HEADERS, PlainPages
from tests.services.catalog.plain.sentences import CATALOGUE


def test_the_rules_of_a_page_are_those_of_the_client() -> None:
    for name in ("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        assert HEADERS[name] == OF_THE_CLIENT[name]


def test_a_page_starts_the_client_by_the_name_that_it_answers_to() -> None:
    page = PlainPages(CATALOGUE, "https://samovar.example/").home((), "ru").decode()
    assert f'<script src="{BOOT_PATH}" defer></script>' in page
    assert "Здесь пока пусто." in page
    assert 'const files = "/client/abc";' in boot("abc").decode()


def test_data_cannot_end_its_element() -> None:
    element = script({"name": "</script><!--\u2028&"})
    assert element.count("<") == 2
    assert "\u2028" not in element


def test_amounts_are_written_as_machines_read_them() -> None:
    found = [decimal(Money(amount, "RUB")) for amount in (0, 5, 129_900)]
    assert found == ["0.00", "0.05", "1299.00"]
