"""Who may act for what: the people of an organisation, as far as their levels go, and staff."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.identity import Caller, Level, RoleGrant
from samovar.kit.settings import Secret
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.rights import Rights
from samovar.testing.hosting import Running
from tests.services.catalog.packages.sellers import Seller, wanted
from tests.services.catalog.packages.shelf import put_app

EDIT = "catalog.thing.edit"
ROLES = {EDIT: ("developer", "moderator")}
OURS, THEIRS, GAME = uuid4(), uuid4(), uuid4()


def caller(*roles: str, grants: tuple[RoleGrant, ...] = ()) -> Caller:
    now = datetime.now(UTC)
    return Caller(
        account_id=uuid4(),
        session_id=uuid4(),
        roles=("player", *roles),
        grants=grants,
        auth_time=now,
        expires_at=now,
        token=Secret("signed"),
    )


def developer(level: Level, organisation_id: UUID, game_id: UUID | None = None) -> Caller:
    return caller("developer", grants=(RoleGrant(level, organisation_id, game_id),))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (caller("moderator"), True),
        (caller("moderator", "developer"), True),
        (developer("owner", OURS), True),
        (developer("editor", OURS), True),
        (developer("editor", OURS, GAME), True),
        (developer("finance", OURS), True),
        (developer("viewer", OURS), False),
        (developer("owner", OURS, uuid4()), False),
        (developer("owner", THEIRS), False),
        (caller("developer"), False),
        (caller("finance"), False),
        (caller(), False),
    ],
)
def test_levels_hold_where_they_were_given_and_staff_everywhere(who: Caller, *, may: bool) -> None:
    rights = Rights(ROLES, EDIT)
    assert rights.allow(who, "editor", "finance", organisation_id=OURS, app_id=GAME) is may


def test_what_belongs_to_nobody_is_looked_after_by_staff() -> None:
    rights = Rights(ROLES, EDIT)
    assert rights.allow(caller("moderator", "developer"), "editor", organisation_id=None)
    assert not rights.allow(developer("owner", OURS), "viewer", organisation_id=None)
    assert not rights.is_staff(developer("owner", OURS))


async def test_a_level_for_a_game_reaches_what_belongs_to_it(own_database: Database) -> None:
    game, dlc = [await put_app(own_database, organisation_id=OURS) for _ in range(2)]
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE apps SET kind = 'dlc', base_app_id = $2 WHERE id = $1", dlc, game)
    rights, who = Rights(ROLES, EDIT), developer("editor", OURS, game)
    assert (await rights.require(own_database, who, dlc, "editor")).organisation_id == OURS
    for refused in (
        rights.require(own_database, developer("editor", OURS, dlc), game, "editor"),
        rights.require(own_database, who, dlc, "owner"),
        rights.require(own_database, caller("moderator"), uuid4(), "editor"),
    ):
        with pytest.raises(AppNotFound):
            await refused


async def test_whoever_edits_a_game_sells_its_dlc_in_every_room(catalog: Running) -> None:
    organisation_id = uuid4()
    game = await put_app(catalog.database, organisation_id=organisation_id)
    slug = await catalog.database.fetch_value("SELECT slug FROM apps WHERE id = $1", game)
    editor, other = (Seller(organisation_id, "editor", game_id) for game_id in (game, uuid4()))
    new = {
        "organisation_id": str(organisation_id), "kind": "dlc", "slug": f"dlc-{uuid4().hex[:8]}", "base": slug,
        "title": "Пасека", "short_description": "К хутору.", "age": {"rating": 0},
    }  # fmt: skip
    assert (await other.request(catalog, "POST", "/v1/dev/apps", json=new)).status == 404
    alone = {name: value for name, value in new.items() if name != "base"} | {"kind": "game"}
    assert (await editor.request(catalog, "POST", "/v1/dev/apps", json=alone)).status == 404
    made = await editor.request(catalog, "POST", "/v1/dev/apps", json=new)
    assert made.status == 201
    dlc = f"/v1/dev/apps/{made.body['app_id']}"
    sold = await editor.request(
        catalog, "POST", f"{dlc}/packages", json=wanted(UUID(made.body["app_id"]), state="on_sale")
    )
    assert sold.status == 201
    package = f"/v1/dev/packages/{sold.body['id']}"
    prices = {"prices": {"RU": {"amount": 19_900, "currency": "RUB"}}}
    launch = {
        "kind": "launch", "percent": 20, "starts_at": "2999-01-01T00:00:00Z", "ends_at": "2999-01-09T00:00:00Z",
    }  # fmt: skip
    asked = [
        ("GET", f"{dlc}/packages", None),
        ("GET", package, None),
        ("PATCH", package, {"names": {"ru": "Пасека"}}),
        ("PUT", f"{dlc}/prices", prices),
        ("GET", f"{dlc}/prices", None),
        ("POST", f"{dlc}/discounts/preview", launch),
        ("GET", f"{dlc}/discounts", None),
        ("GET", f"{dlc}/wishlist-count", None),
    ]
    for method, path, body in asked:
        assert (await editor.request(catalog, method, path, json=body)).status == 200, path
        assert (await other.request(catalog, method, path, json=body)).status == 404, path
