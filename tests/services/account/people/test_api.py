"""Finding people."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from samovar.testing.hosting import Running
from tests.services.account.conftest import person


async def find(account: Running, query: str, viewer: UUID | None = None, more: str = "") -> list[str]:
    found = await account.request(
        "GET", f"/v1/accounts?query={quote(query)}{more}", account_id=viewer or uuid4()
    )
    assert found.status == 200, found.body
    return [one["account_id"] for one in found.body["items"]]


async def named(account: Running, display_name: str, name: str | None = None, **privacy: Any) -> str:
    account_id = await person(account, display_name=display_name)
    if name:
        answer = await account.request("PATCH", "/v1/accounts/me", account_id=account_id, json={"name": name})
        assert answer.status == 200, answer.body
    if privacy:
        answer = await account.request(
            "PATCH", "/v1/accounts/me/privacy", account_id=account_id, json=privacy
        )
        assert answer.status == 200
    return str(account_id)


@pytest.fixture(scope="module")
async def karenina(account: Running) -> str:
    """Somebody whom most of these tests look for."""
    return await named(account, "Анна Каренина", "AnnaK77")


@pytest.mark.parametrize(
    "query", ["анна каренина", "АННА", "каренина", "карен", "annak77", "Anna_K77", "аннa", "каренена", "ан"]
)
async def test_somebody_is_found_by_either_name_by_a_part_and_in_spite_of_a_slip(
    account: Running, karenina: str, query: str
) -> None:
    assert karenina in await find(account, query)


async def test_yo_and_accents_do_not_matter(account: Running) -> None:
    hedgehog, jose = await named(account, "Фёдор Ёжиков"), await named(account, "José Müller")
    assert hedgehog in await find(account, "федор ежиков")
    assert hedgehog in await find(account, "ЁЖИКОВ")
    assert jose in await find(account, "jose muller")


async def test_the_exact_unique_name_comes_first_then_what_begins_so_then_what_is_alike(
    account: Running,
) -> None:
    alike = await named(account, "Старый зубрёнок")
    begins = await named(account, "Зубрёнок Второй")
    longer = await named(account, "Кто-то", "зубренок.2")
    exact = await named(account, "Другой", "Зубрёнок")
    assert await find(account, "зубрёнок") == [exact, longer, begins, alike]


async def test_whoever_is_hidden_or_does_not_want_to_be_found_is_not(account: Running) -> None:
    await named(account, "Невидимкина Первая", profile="nobody")
    await named(account, "Невидимкина Вторая", is_findable=False)
    third = await named(account, "Невидимкина Третья", profile="friends")
    assert await find(account, "невидимкина") == [third]
    stranger = await person(account)
    closed = await account.request(
        "PUT",
        f"/v1/accounts/me/privacy/exceptions/{stranger}",
        account_id=UUID(third),
        json={"profile": False},
    )
    assert closed.status == 200
    assert (await find(account, "невидимкина", stranger), await find(account, "невидимкина")) == ([], [third])


async def test_one_is_findable_again(account: Running) -> None:
    account_id = await named(account, "Вернувшийся", is_findable=False)
    assert await find(account, "вернувшийся") == []
    await account.request(
        "PATCH", "/v1/accounts/me/privacy", account_id=UUID(account_id), json={"is_findable": True}
    )
    assert await find(account, "вернувшийся") == [account_id]


async def test_a_former_name_leads_nowhere(account: Running) -> None:
    account_id = await named(account, "Прежний", "prezhneeimya".replace("prezhnee", "prejnee"))
    await account.request("PATCH", "/v1/accounts/me", account_id=UUID(account_id), json={"name": None})
    assert await find(account, "prejneeimya") == []


async def test_nobody_is_found_by_a_mail_address_or_a_number(account: Running) -> None:
    account_id = await person(
        account, display_name="secret.lynx@example.com", email="secret.lynx@example.com", phone="+79123456789"
    )
    for query in ("secret.lynx@example.com", "secret.lynx", "+79123456789", "9123456789"):
        assert str(account_id) not in await find(account, query)


async def test_one_does_not_find_oneself_and_no_more_than_was_asked_for(account: Running) -> None:
    people = [await named(account, f"Одинаковый {number}") for number in range(4)]
    assert set(await find(account, "одинаковый", UUID(people[0]))) == set(people[1:])
    assert len(await find(account, "одинаковый", more="&limit=2")) == 2


@pytest.mark.parametrize("query", ["", "a", " a ", "%%", "__", "\u200b\u200b", "ё", "🐻", "x" * 65, "\0a\0"])
async def test_too_little_and_nonsense_is_refused(account: Running, query: str) -> None:
    found = await account.request("GET", f"/v1/accounts?query={quote(query)}", account_id=uuid4())
    assert (found.status, found.body["code"]) == (422, "request.invalid")


@pytest.mark.parametrize(
    "query", ["100%", "a_b\\", "'; DROP TABLE accounts", "((((", "a%b", "\u0430\u0301\u0301"]
)
async def test_odd_signs_are_only_signs(account: Running, query: str) -> None:
    found = await account.request("GET", f"/v1/accounts?query={quote(query)}", account_id=uuid4())
    assert found.status in {200, 422}


async def test_a_stranger_finds_nobody(account: Running) -> None:
    assert (await account.request("GET", "/v1/accounts?query=анна")).status == 401
    assert (await account.request("GET", "/v1/accounts", account_id=uuid4())).status == 422
