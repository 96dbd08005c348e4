"""What a developer says there is to achieve."""

from typing import Any
from uuid import uuid4

import pytest

from samovar.services.library.contract.achievement_events import AchievementsDefined
from tests.services.library.achievements.studio import Studio, achievement, stat

ICON = "ab" * 32


async def test_a_definition_is_kept_in_its_order_and_versioned(studio: Studio) -> None:
    empty = await studio.ask("GET")
    assert (empty.status, empty.body["version"], empty.body["achievements"]) == (200, 0, [])
    one, two = achievement("two", target=10, icon=ICON), achievement("one", is_hidden=True)
    put = await studio.define(one, two, stats=[stat("kills", min=0, is_increment_only=True)])
    assert (put.status, put.body["version"]) == (200, 1)
    assert [row["key"] for row in put.body["achievements"]] == ["two", "one"]
    again = await studio.define(one, two, stats=[stat("kills", min=0, is_increment_only=True)])
    assert (again.body["version"], again.headers["etag"]) == (1, put.headers["etag"])
    shown = await studio.ask("GET")
    assert shown.body == put.body
    turned = await studio.define(two, one, stats=[stat("kills", min=0, is_increment_only=True)])
    assert (turned.body["version"], [row["key"] for row in turned.body["achievements"]]) == (
        2,
        ["one", "two"],
    )
    events = [one for one in await studio.library.events(AchievementsDefined) if one.app_id == studio.app_id]
    assert [(one.version, one.achievements, one.icons) for one in events] == [
        (1, 2, (ICON,)),
        (2, 2, (ICON,)),
    ]


async def test_what_is_left_out_is_retired_and_comes_back_as_it_was(studio: Studio) -> None:
    await studio.define(achievement("a"), achievement("b"), stats=[stat("s")])
    left = await studio.define(achievement("b"))
    assert left.body["retired"] == ["a", "s"]
    refused = await studio.define(achievement("b"), stats=[stat("s", "float")])
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "stats[0].kind")
    back = await studio.define(achievement("b"), achievement("a"), stats=[stat("s")])
    assert (back.body["retired"], back.body["version"]) == ([], 3)


async def test_two_who_change_at_one_time_see_each_other(studio: Studio) -> None:
    seen = (await studio.ask("GET")).headers["etag"]
    await studio.define(achievement("a"))
    stale = await studio.ask("PUT", json={"achievements": []}, headers={"If-Match": seen})
    assert stale.status == 412
    fresh = (await studio.ask("GET")).headers["etag"]
    assert (await studio.ask("PUT", json={"achievements": []}, headers={"If-Match": fresh})).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"achievements": [achievement("a"), achievement("a")]}, "achievements[1].key"),
        ({"achievements": [achievement("a b")]}, "achievements[0].key"),
        ({"achievements": [achievement("a", target=1)]}, "achievements[0].target"),
        ({"achievements": [achievement("a", title={"ru": "\u2800"})]}, "achievements[0].title.ru"),
        ({"achievements": [achievement("a", text={"en": "only"})]}, "achievements[0].text.ru"),
        ({"achievements": [achievement("a", icon="https://elsewhere/1.png")]}, "achievements[0].icon"),
        ({"achievements": [achievement("a", trust="nobody")]}, "achievements[0].trust"),
        ({"achievements": [achievement("a", prize=1)]}, "achievements[0].prize"),
        ({"stats": [stat("s", min=0.5)]}, "stats[0].min"),
        ({"stats": [stat("s", max=1e300)]}, "stats[0].max"),
        ({"stats": [stat("s", "avgrate", max=5)]}, "stats[0].max"),
        ({"achievements": [achievement(f"a{n}") for n in range(501)]}, "achievements"),
    ],
)
async def test_nonsense_is_refused_by_its_field(studio: Studio, body: Any, field: str) -> None:
    refused = await studio.ask("PUT", json=body)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)
    assert (await studio.ask("GET")).body["version"] == 0


async def test_only_its_own_developers_define(studio: Studio) -> None:
    assert (await studio.library.request("GET", studio.path)).status == 401
    assert (await studio.library.request("GET", studio.path, account_id=uuid4())).status == 403
    for level in ("viewer", "finance"):
        assert (await studio.ask("GET", level=level)).status == 404
    stranger = Studio(studio.library)
    answer = await stranger.ask("PUT", studio.path, json={})
    assert (answer.status, answer.body["code"]) == (404, "library.app_not_found")
    admin = await studio.ask("GET", roles=("player", "admin"), grants=(), acr="aal2")
    assert admin.status == 200


async def test_what_was_imported_is_looked_after_by_staff(studio: Studio) -> None:
    imported = Studio(studio.library)
    await imported.found(None)
    assert (await imported.ask("GET")).status == 404
    staff = await imported.ask("GET", roles=("player", "admin"), grants=(), acr="aal2")
    assert staff.status == 200


async def test_while_catalog_is_away_an_app_that_was_not_copied_waits(studio: Studio) -> None:
    unknown = await studio.ask("GET", f"/v1/dev/apps/{uuid4()}/achievements")
    assert (unknown.status, unknown.body["code"]) == (503, "library.owner_unknown")
