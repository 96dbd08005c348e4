"""The rules of contacts."""

import pytest

from samovar.services.account.contacts.domain import identity_level, masked, method_after


@pytest.mark.parametrize(
    ("email", "phone", "level"), [(False, False, 0), (True, False, 1), (False, True, 2), (True, True, 2)]
)
def test_the_identity_level_follows_from_what_is_proved(*, email: bool, phone: bool, level: int) -> None:
    assert identity_level(email_verified=email, phone_verified=phone) == level


def test_the_last_method_of_the_order_stays() -> None:
    assert [method_after(("sms", "flash_call"), n) for n in range(4)] == [
        "sms",
        "flash_call",
        "flash_call",
        "flash_call",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "anya@example.org", "an…@example.org"),
        ("email", "a@example.org", "a…@example.org"),
        ("phone", "+79161234567", "+7…4567"),
    ],
)
def test_most_of_an_address_is_hidden(kind: str, value: str, shown: str) -> None:
    assert masked("phone" if kind == "phone" else "email", value) == shown
