"""Organisations over REST."""

import asyncio
from uuid import uuid4

from samovar.services.developer.contract.events import OrganisationChanged
from samovar.services.developer.organisations.use_cases import FOUNDED_MAX
from tests.services.developer.bureau import Bureau


async def test_who_founds_an_organisation_owns_it(bureau: Bureau) -> None:
    me = uuid4()
    answer = await bureau.developer.request(
        "POST",
        "/v1/dev/organizations",
        account_id=me,
        json={"name": "Чайная студия", "website": "https://chaj.example"},
    )
    assert answer.status == 201, answer.body
    organisation_id = answer.body["id"]
    assert (answer.body["name"], answer.body["standing"], answer.body["version"]) == (
        "Чайная студия",
        "unconfirmed",
        1,
    )
    assert (str(me), organisation_id, "owner", None) in bureau.roles.grants
    own = await bureau.ask("GET", "/v1/dev/organizations", f"owner@{organisation_id}", account_id=me)
    assert [(one["organisation"]["id"], one["levels"]) for one in own.body] == [(organisation_id, ["owner"])]
    told = [one for one in await bureau.developer.events(OrganisationChanged) if one.name == "Чайная студия"]
    assert [(str(one.organisation_id), one.version) for one in told] == [(organisation_id, 1)]


async def test_bad_names_and_sites_are_refused_by_field(bureau: Bureau) -> None:
    for body, field in (
        ({"name": ""}, "name"),
        ({"name": " Чай"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Чай", "website": "http://chaj.example"}, "website"),
        ({"name": "Чай", "website": "javascript:alert(1)"}, "website"),
        ({}, "name"),
    ):
        answer = await bureau.developer.request(
            "POST", "/v1/dev/organizations", account_id=uuid4(), json=body
        )
        assert answer.status == 422, body
        assert [one["field"] for one in answer.body["errors"]] == [field], body


async def test_without_auth_nothing_is_founded_and_a_lost_answer_is_made_up_for(bureau: Bureau) -> None:
    me = uuid4()
    bureau.roles.away = True
    away = await bureau.developer.request(
        "POST", "/v1/dev/organizations", account_id=me, json={"name": "Никто"}
    )
    bureau.roles.away = False
    assert (away.status, away.body["code"]) == (503, "developer.auth_away")
    assert not [grant for grant in bureau.roles.grants if grant[0] == str(me)]

    bureau.roles.loses_answers = True
    lost = await bureau.developer.request(
        "POST", "/v1/dev/organizations", account_id=me, json={"name": "Найдётся"}
    )
    bureau.roles.loses_answers = False
    assert lost.status == 503
    places = {f"owner@{grant[1]}" for grant in bureau.roles.grants if grant[0] == str(me)}
    assert len(places) == 1
    (own,) = (await bureau.ask("GET", "/v1/dev/organizations", *places, account_id=me)).body
    assert own["organisation"]["name"] == "Найдётся"
    told = [one for one in await bureau.developer.events(OrganisationChanged) if one.name == "Найдётся"]
    assert len(told) == 1


async def test_one_person_founds_only_so_many_however_fast(bureau: Bureau) -> None:
    me = uuid4()
    await bureau.developer.database.fetch_value(
        """
        WITH made AS (
            INSERT INTO organisations (id, name, founder_id, created_at, changed_at, founded_at)
            SELECT gen_random_uuid(), 'Одна из многих', $1, now(), now(), now() FROM generate_series(2, $2::int) RETURNING 1
        ) SELECT count(*) FROM made
        """,
        me,
        FOUNDED_MAX,
    )
    answers = await asyncio.gather(
        *(
            bureau.developer.request(
                "POST", "/v1/dev/organizations", account_id=me, json={"name": f"Ещё {n}"}
            )
            for n in range(5)
        )
    )
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {
        "developer.too_many_organisations"
    }


async def test_owners_change_it_others_look_and_strangers_see_nothing(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4())
    path = f"/v1/dev/organizations/{organisation_id}"
    shown = await bureau.ask("GET", path, f"viewer@{organisation_id}")
    assert shown.status == 200
    changed = await bureau.ask(
        "PATCH",
        path,
        f"owner@{organisation_id}",
        json={"name": "Другое имя"},
        headers={"If-Match": shown.headers["etag"]},
    )
    assert (changed.status, changed.body["name"], changed.body["version"]) == (200, "Другое имя", 2)
    stale = await bureau.ask(
        "PATCH",
        path,
        f"owner@{organisation_id}",
        json={"name": "Опоздавшее"},
        headers={"If-Match": shown.headers["etag"]},
    )
    assert stale.status == 412
    for place in (f"editor@{organisation_id}", f"finance@{organisation_id}", f"owner@{uuid4()}"):
        refused = await bureau.ask("PATCH", path, place, json={"name": "Чужое"})
        assert (refused.status, refused.body["code"]) == (404, "developer.organisation_not_found"), place
    assert (await bureau.ask("GET", path, f"owner@{uuid4()}")).status == 404
    assert (
        await bureau.ask("GET", f"/v1/dev/organizations/{uuid4()}", f"owner@{organisation_id}")
    ).status == 404
    history = await bureau.ask("GET", f"{path}/history", f"viewer@{organisation_id}")
    assert [(one["version"], one["name"]) for one in history.body["items"]] == [
        (2, "Другое имя"),
        (1, "Самовар"),
    ]


async def test_the_same_name_again_is_no_change(bureau: Bureau) -> None:
    organisation_id = await bureau.found(uuid4(), "Прежнее")
    path = f"/v1/dev/organizations/{organisation_id}"
    again = await bureau.ask("PATCH", path, f"owner@{organisation_id}", json={"name": "Прежнее"})
    assert (again.status, again.body["version"]) == (200, 1)
    without = await bureau.ask("PATCH", path, f"owner@{organisation_id}", json={"website": None})
    assert (without.status, without.body["version"]) == (200, 1)


async def test_staff_list_all_of_them_page_by_page(bureau: Bureau) -> None:
    made = [await bureau.found(uuid4(), f"Страница {number}") for number in range(3)]
    seen, cursor = [], None
    while True:
        path = "/v1/admin/organizations?limit=2&standing=unconfirmed" + (
            f"&cursor={cursor}" if cursor else ""
        )
        page = await bureau.as_staff("GET", path, "finance")
        assert page.status == 200, page.body
        seen += [one["id"] for one in page.body["items"]]
        cursor = page.body["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen))
    assert {str(one) for one in made} <= set(seen)
    assert seen.index(str(made[2])) < seen.index(str(made[0]))
    assert (await bureau.as_staff("GET", "/v1/admin/organizations", "moderator")).status == 403
    broken = await bureau.as_staff("GET", "/v1/admin/organizations?cursor=nonsense", "finance")
    assert broken.status == 422
