"""Legal details over REST, where a person decides: no register is configured."""

import asyncio
from uuid import UUID, uuid4

from samovar.services.developer.contract.events import OrganisationConfirmed
from tests.services.developer.bureau import Bureau

COMPANY = {"legal_form": "company", "inn": "7707083893", "legal_name": "ООО «Самовар»"}


def _path(organisation_id: UUID, *, staff: str | None = None) -> str:
    if staff:
        return f"/v1/admin/organizations/{organisation_id}/legal/{staff}"
    return f"/v1/dev/organizations/{organisation_id}/legal"


async def test_staff_confirm_what_an_organisation_says(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    owner = f"owner@{organisation_id}"
    claimed = await bureau.ask("PUT", _path(organisation_id), owner, json={**COMPANY, "inn": "7736050003"})
    assert (claimed.status, claimed.body["confirmed"]) == (202, None)
    assert (claimed.body["latest"]["state"], claimed.body["latest"]["finding"]) == ("checking", "no_register")
    shown = await bureau.ask("GET", f"/v1/dev/organizations/{organisation_id}", owner)
    assert shown.body["standing"] == "checking"
    waiting = await bureau.as_staff("GET", "/v1/admin/legal-claims?limit=100", "finance")
    assert str(organisation_id) in {one["organisation_id"] for one in waiting.body["items"]}
    done = await bureau.as_staff(
        "POST", _path(organisation_id, staff="confirm"), "finance", json={"reason": "выписка проверена"}
    )
    assert (done.status, done.body["confirmed"]["state"], done.body["confirmed"]["reason"]) == (
        200,
        "confirmed",
        "выписка проверена",
    )
    again = await bureau.as_staff(
        "POST", _path(organisation_id, staff="confirm"), "finance", json={"reason": "ещё раз"}
    )
    assert (again.status, again.body["code"]) == (404, "developer.claim_not_found")
    (told,) = [
        one
        for one in await bureau.developer.events(OrganisationConfirmed)
        if one.organisation_id == organisation_id
    ]
    assert (told.inn, told.legal_form, told.legal_name) == ("7736050003", "company", "ООО «Самовар»")


async def test_what_was_confirmed_holds_until_something_else_is(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    owner = f"owner@{organisation_id}"
    await bureau.ask("PUT", _path(organisation_id), owner, json={**COMPANY, "inn": "7702070139"})
    await bureau.as_staff("POST", _path(organisation_id, staff="confirm"), "finance", json={"reason": "да"})
    await bureau.ask("PUT", _path(organisation_id), owner, json={**COMPANY, "inn": "7728168971"})
    refused = await bureau.as_staff(
        "POST", _path(organisation_id, staff="refuse"), "finance", json={"reason": "не ваша компания"}
    )
    assert refused.body["confirmed"]["inn"] == "7702070139"
    assert (refused.body["latest"]["state"], refused.body["latest"]["reason"]) == (
        "refused",
        "не ваша компания",
    )
    shown = await bureau.ask("GET", f"/v1/dev/organizations/{organisation_id}", owner)
    assert shown.body["standing"] == "confirmed"
    await bureau.ask("PUT", _path(organisation_id), owner, json={**COMPANY, "inn": "7728168971"})
    moved = await bureau.as_staff(
        "POST", _path(organisation_id, staff="confirm"), "finance", json={"reason": "теперь да"}
    )
    assert moved.body["confirmed"]["inn"] == "7728168971"


async def test_one_taxpayer_is_one_organisation_however_many_decide_at_once(bureau: Bureau) -> None:
    inn = "7707049388"
    organisations = [await bureau.found(uuid4()) for _ in range(5)]
    for one in organisations:
        claimed = await bureau.ask("PUT", _path(one), f"owner@{one}", json={**COMPANY, "inn": inn})
        assert claimed.status == 202
    answers = await asyncio.gather(
        *(
            bureau.as_staff("POST", _path(one, staff="confirm"), "finance", json={"reason": "да"})
            for one in organisations
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409]
    assert {one.body["code"] for one in answers if one.status == 409} == {"developer.inn_taken"}
    late = await bureau.found(uuid4())
    refused = await bureau.ask("PUT", _path(late), f"owner@{late}", json={**COMPANY, "inn": inn})
    assert (refused.status, refused.body["code"]) == (409, "developer.inn_taken")


async def test_wrong_numbers_are_refused_by_field_and_keep_nothing(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    for change, field in (
        ({"inn": "7707083894"}, "inn"),
        ({"inn": "abc"}, "inn"),
        ({"legal_form": "king"}, "legal_form"),
        ({"legal_form": "self_employed"}, "inn"),
        ({"ogrn": "1027700132196"}, "ogrn"),
        ({"kpp": "12"}, "kpp"),
        ({"legal_name": ""}, "legal_name"),
        ({"surprise": 1}, "surprise"),
    ):
        answer = await bureau.ask(
            "PUT", _path(organisation_id), f"owner@{organisation_id}", json={**COMPANY, **change}
        )
        assert answer.status == 422, change
        assert field in {one["field"] for one in answer.body["errors"]}, (change, answer.body)
    shown = await bureau.ask("GET", _path(organisation_id), f"owner@{organisation_id}")
    assert shown.body == {"confirmed": None, "latest": None}


async def test_only_owners_and_finance_people_see_and_say_it(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    said = await bureau.ask("PUT", _path(organisation_id), f"finance@{organisation_id}", json=COMPANY)
    assert said.status == 202
    for place in (f"editor@{organisation_id}", f"viewer@{organisation_id}", f"owner@{uuid4()}"):
        assert (await bureau.ask("GET", _path(organisation_id), place)).status == 404, place
        assert (await bureau.ask("PUT", _path(organisation_id), place, json=COMPANY)).status == 404, place
    denied = await bureau.as_staff(
        "POST", _path(organisation_id, staff="confirm"), "moderator", json={"reason": "да"}
    )
    assert denied.status == 403


async def test_a_new_claim_takes_the_place_of_one_that_waits(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    owner = f"owner@{organisation_id}"
    for inn in ("7710140679", "7714037739"):
        await bureau.ask("PUT", _path(organisation_id), owner, json={**COMPANY, "inn": inn})
    waiting = await bureau.as_staff("GET", "/v1/admin/legal-claims?limit=100", "finance")
    mine = [one["inn"] for one in waiting.body["items"] if one["organisation_id"] == str(organisation_id)]
    assert mine == ["7714037739"]
