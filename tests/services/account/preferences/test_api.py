"""Settings over REST."""

from typing import Any

import pytest

from samovar.services.account.contract.events import SettingsChanged
from samovar.testing.hosting import Running
from tests.services.account.conftest import person, registered

SETTINGS = "/v1/accounts/me/settings"


async def test_the_defaults_are_shown_and_changes_are_kept_and_told(account: Running) -> None:
    account_id = await person(account, country="KZ")
    shown = await account.request("GET", SETTINGS, account_id=account_id)
    assert shown.body == {
        "language": "ru",
        "country": "KZ",
        "time_zone": "Europe/Moscow",
        "theme": "system",
        "hidden_content": [],
        "is_motion_reduced": False,
    }
    fields = {"language": "en", "country": None, "hidden_content": ["horror", "drugs", "horror"]}
    changed = await account.request(
        "PATCH", SETTINGS, account_id=account_id, json=fields, headers={"If-Match": shown.headers["etag"]}
    )
    assert changed.body == shown.body | fields | {"hidden_content": ["drugs", "horror"]}
    late = await account.request(
        "PATCH", SETTINGS, account_id=account_id, json=fields, headers={"If-Match": shown.headers["etag"]}
    )
    assert late.status == 412
    again = await account.request("PATCH", SETTINGS, account_id=account_id, json={"time_zone": "Asia/Almaty"})
    assert again.body == changed.body | {"time_zone": "Asia/Almaty"}
    me = await account.request("GET", "/v1/accounts/me", account_id=account_id)
    assert (me.body["language"], me.body["country"]) == ("en", None)
    told = [one for one in await account.events(SettingsChanged) if one.account_id == account_id]
    assert [(one.language, one.country, one.time_zone, one.version) for one in told] == [
        ("ru", "KZ", "Europe/Moscow", 1),
        ("en", None, "Europe/Moscow", 2),
        ("en", None, "Asia/Almaty", 3),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"language": "fr"}, "language", "not_offered"),
        ({"country": "QQ"}, "country", "country_unknown"),
        ({"country": "ru"}, "country", "wrong_pattern"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "time_zone_unknown"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "time_zone_unknown"),
        ({"theme": None}, "theme", "wrong_type"),
        ({"hidden_content": ["cats"]}, "hidden_content[0]", "not_offered"),
        ({"hidden_content": ["horror"] * 9}, "hidden_content", "too_long"),
        ({"is_motion_reduced": 1}, "is_motion_reduced", "wrong_type"),
        ({"marketing": True}, "marketing", "unknown"),
    ],
    ids=str,
)
async def test_a_field_that_breaks_a_rule_is_named(
    account: Running, fields: dict[str, Any], field: str, code: str
) -> None:
    answer = await account.request("PATCH", SETTINGS, account_id=await person(account), json=fields)
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.body["errors"]] == [(field, code)]


async def test_somebody_who_has_not_arrived_is_asked_to_come_back(account: Running) -> None:
    answer = await account.request("GET", SETTINGS, account_id=registered().account_id)
    assert (answer.status, answer.body["code"]) == (503, "account.not_ready")
    assert (await account.request("GET", SETTINGS)).status == 401
