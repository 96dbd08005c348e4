"""What people change of their profiles."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import person

ME = "/v1/accounts/me"


async def change(account: Running, account_id: UUID, tag: str | None = None, **fields: Any) -> Answer:
    headers = {"If-Match": tag} if tag else {}
    return await account.request("PATCH", ME, account_id=account_id, json=fields, headers=headers)


def new_name() -> str:
    return "n" + uuid4().hex[:16].translate(str.maketrans("0123456789", "ghjkpqstuv"))


async def test_what_is_given_is_changed_and_the_rest_stays(account: Running) -> None:
    account_id = await person(account, display_name="До", country="RU")
    link = {"title": "Сайт", "url": "https://example.com/я".replace("я", "ya")}
    changed = await change(
        account, account_id, display_name=" После  всего ", bio="Две\r\nстроки", links=[link]
    )
    assert changed.status == 200
    assert (changed.body["display_name"], changed.body["bio"]) == ("После всего", "Две\nстроки")
    again = await change(account, account_id, is_country_shown=True)
    assert (again.body["links"], again.body["display_name"], again.body["country"]) == (
        [link],
        "После всего",
        "RU",
    )
    shown = await account.request("GET", ME, account_id=account_id)
    assert (shown.body, shown.headers["etag"]) == (again.body, again.headers["etag"])
    told = [one for one in await account.events(ProfileChanged) if one.account_id == account_id]
    assert [(one.display_name, one.version) for one in told] == [("До", 1), ("После всего", 2)]


async def test_a_change_of_what_somebody_else_has_changed_is_refused(account: Running) -> None:
    account_id = await person(account)
    seen = (await account.request("GET", ME, account_id=account_id)).headers["etag"]
    first = await change(account, account_id, f"W/{seen}", bio="первая")
    late = await change(account, account_id, seen, bio="вторая")
    assert (first.status, late.status, late.body["code"]) == (200, 412, "request.precondition_failed")
    assert (await account.request("GET", ME, account_id=account_id)).body["bio"] == "первая"
    assert (await change(account, account_id, first.headers["etag"], bio="третья")).status == 200
    assert (await change(account, account_id, "*", bio="")).status == 200


async def test_of_two_changes_to_the_same_version_one_is_made(account: Running) -> None:
    account_id = await person(account)
    seen = (await account.request("GET", ME, account_id=account_id)).headers["etag"]
    answers = await asyncio.gather(*(change(account, account_id, seen, bio=f"{n}") for n in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [412] * 7


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"display_name": "a@example.com"}, "display_name", "contact"),
        ({"display_name": "  "}, "display_name", "unprintable"),
        ({"display_name": "a\x00"}, "display_name", "unprintable"),
        ({"display_name": None}, "display_name", "wrong_type"),
        ({"display_name": "x" * 65}, "display_name", "too_long"),
        ({"name": "ab"}, "name", "too_short"),
        ({"name": "аnna"}, "name", "name_mixed"),
        ({"name": "admin"}, "name", "name_reserved"),
        ({"bio": "a\x00"}, "bio", "text_invalid"),
        ({"bio": "\n".join("x" * 30)}, "bio", "text_invalid"),
        ({"bio": "x" * 1001}, "bio", "too_long"),
        ({"links": [{"title": "x", "url": "javascript:alert(1)"}]}, "links[0].url", "link_invalid"),
        ({"links": [{"title": "x", "url": "https://a@example.com"}]}, "links[0].url", "link_invalid"),
        ({"links": [{"title": "x", "url": "https://[::1"}]}, "links[0].url", "link_invalid"),
        ({"links": [{"title": "x", "url": "https://localhost"}]}, "links[0].url", "link_invalid"),
        ({"links": [{"title": "\u200b", "url": "https://example.com"}]}, "links[0].title", "text_invalid"),
        ({"links": [{"title": "x", "url": "https://example.com"}] * 6}, "links", "too_long"),
        ({"birth_date": "2999-01-01"}, "birth_date", "born_in_future"),
        ({"birth_date": "1899-12-31"}, "birth_date", "born_in_future"),
        ({"birth_date": None}, "birth_date", "wrong_type"),
        ({"age_level": 18}, "age_level", "unknown"),
        ({"registered_at": "2020-01-01T00:00:00Z"}, "registered_at", "unknown"),
    ],
    ids=str,
)
async def test_a_field_that_breaks_a_rule_is_named_and_nothing_is_changed(
    account: Running, fields: dict[str, Any], field: str, code: str
) -> None:
    account_id = await person(account)
    answer = await change(account, account_id, **fields)
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.body["errors"]] == [(field, code)]


async def test_all_is_changed_or_nothing(account: Running) -> None:
    name = new_name()
    await change(account, await person(account), name=name)
    account_id = await person(account)
    refused = await change(account, account_id, name=name, bio="осталось прежним")
    assert (refused.status, refused.body["code"]) == (409, "account.name_taken")
    assert (await account.request("GET", ME, account_id=account_id)).body["bio"] == ""


async def test_of_many_people_who_want_one_name_at_once_one_gets_it(account: Running) -> None:
    name = new_name()
    people = [await person(account) for _ in range(6)]
    wanted = [name, name.upper(), f"{name[:4]}_{name[4:]}", name, name, name]
    answers = await asyncio.gather(
        *(change(account, one, name=spelled) for one, spelled in zip(people, wanted, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [200] + [409] * 5
    assert await account.database.fetch_value("SELECT count(*) FROM names WHERE name_key = $1", name) in {
        0,
        1,
    }


async def test_a_name_is_worn_for_a_while_and_may_be_respelled_or_dropped(account: Running) -> None:
    account_id, name = await person(account), new_name()
    assert (await change(account, account_id, name=name)).body["name"] == name
    assert (await change(account, account_id, name=name.upper())).body["name"] == name.upper()
    early = await change(account, account_id, name=new_name())
    assert (early.status, early.body["code"]) == (409, "account.name_changed_lately")
    assert "30" in early.body["detail"]
    assert (await change(account, account_id, name=None)).body["name"] is None
    assert (await change(account, account_id, name=new_name())).status == 409


async def test_a_name_that_was_given_up_is_kept_for_its_former_owner(account: Running) -> None:
    account_id, other, name = await person(account), await person(account), new_name()
    await change(account, account_id, name=name)
    await change(account, account_id, name=None)
    assert (await change(account, other, name=name)).body["code"] == "account.name_taken"
    await account.database.fetch_value(
        "UPDATE accounts SET name_changed_at = name_changed_at - interval '31 days' WHERE id = $1", account_id
    )
    assert (await change(account, account_id, name=name)).status == 200
    await change(account, account_id, name=None)
    await account.database.fetch_value(
        "UPDATE names SET kept_until = now() - interval '1 second' WHERE account_id = $1", account_id
    )
    assert (await change(account, other, name=name)).body["name"] == name


async def test_a_birth_date_is_given_once(account: Running) -> None:
    account_id = await person(account)
    first = await change(account, account_id, birth_date="2010-01-01")
    assert (first.body["age_level"], first.body["age_source"]) == (16, "self")
    again = await change(account, account_id, birth_date="1990-01-01")
    assert (again.status, again.body["code"]) == (409, "account.birth_date_known")
    told = [one.level for one in await account.events(AgeLevelChanged) if one.account_id == account_id]
    assert told == [first.body["age_level"]]
    assert "2010" not in str(first.body)


async def test_of_two_birth_dates_at_once_one_counts(account: Running) -> None:
    account_id = await person(account)
    answers = await asyncio.gather(
        *(change(account, account_id, birth_date=f"19{year}-01-01") for year in range(60, 66))
    )
    assert sorted(answer.status for answer in answers) == [200] + [409] * 5


async def test_a_change_that_changes_nothing_is_told_to_nobody(account: Running) -> None:
    account_id = await person(account, display_name="Тот же")
    assert (await change(account, account_id, display_name="Тот же")).status == 200
    assert (await change(account, account_id)).status == 200
    told = [one for one in await account.events(ProfileChanged) if one.account_id == account_id]
    history = await account.request("GET", f"{ME}/activity", account_id=account_id)
    assert (len(told), history.body["items"]) == (1, [])


async def test_others_see_what_is_public_and_nothing_of_age_and_country(account: Running) -> None:
    account_id, viewer = (
        await person(account, country="RU", birth_date=date(1990, 1, 2)),
        await person(account),
    )
    await change(account, account_id, bio="О себе")
    shown = await account.request("GET", f"/v1/accounts/{account_id}", account_id=viewer)
    assert (shown.status, shown.body["bio"], shown.body["country"]) == (200, "О себе", None)
    assert shown.body["hidden"] == ["library", "friends", "activity"]
    assert not {"age_level", "age_source", "language", "birth_date"} & set(shown.body)
    await change(account, account_id, is_country_shown=True)
    shown = await account.request("GET", f"/v1/accounts/{account_id}", account_id=viewer)
    assert shown.body["country"] == "RU"


async def test_nobody_else_is_changed(account: Running) -> None:
    account_id = await person(account)
    answer = await account.request(
        "PATCH", f"/v1/accounts/{account_id}", account_id=uuid4(), json={"bio": "x"}
    )
    assert answer.status == 405
    assert (await account.request("PATCH", ME, json={"bio": "x"})).status == 401
