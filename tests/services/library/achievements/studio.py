"""A developer with a game in library, and players of it."""

from typing import Any
from uuid import UUID, uuid4

from samovar.kit.identity import RoleGrant
from samovar.kit.ids import new_id
from samovar.services.library.apps import repository as apps
from samovar.services.library.apps.schemas import AppCopy
from samovar.services.library.contract.v1_pb2 import LICENCE_KIND_GIFT, GrantLicenceRequest
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.testing.hosting import Answer, Running


def achievement(key: str, **said: Any) -> dict[str, Any]:
    """Return an achievement, as a developer sends it."""
    return {"key": key, "title": {"ru": f"Достижение {key}"}, "text": {"ru": "Победить"}, **said}


def stat(key: str, kind: str = "int", **said: Any) -> dict[str, Any]:
    """Return a stat, as a developer sends it."""
    return {"key": key, "title": {"ru": f"Показатель {key}"}, "kind": kind, **said}


class Studio:
    """Somebody who makes a game."""

    def __init__(self, library: Running) -> None:
        self.library = library
        self.app_id, self.organisation_id, self.owner_id = new_id(), uuid4(), uuid4()
        self.path = f"/v1/dev/apps/{self.app_id}/achievements"

    async def found(self, organisation_id: UUID | None) -> None:
        """Have the app in the copy of the catalog."""
        copy = AppCopy(
            app_id=self.app_id,
            slug="game",
            title_ru="Игра",
            title_en="Game",
            sort_ru="игра",
            sort_en="game",
            words="игра game",
            kind="game",
            stage="released",
            base_app_id=None,
            capsule_url=None,
            organisation_id=organisation_id,
            version=1,
        )
        async with self.library.database.transaction() as tx:
            await apps.note(tx, [self.app_id], 1)
            await apps.put(tx, [copy])

    async def ask(self, method: str, path: str | None = None, level: str = "editor", **more: Any) -> Answer:
        """Ask as somebody of the organisation."""
        grant = RoleGrant.parse(f"{level}@{self.organisation_id}")
        return await self.library.request(
            method,
            path or self.path,
            **{"account_id": self.owner_id, "roles": ("player", "developer"), "grants": (grant,), **more},
        )

    async def define(self, *achievements: Any, stats: Any = ()) -> Answer:
        """Define achievements and stats."""
        return await self.ask("PUT", json={"achievements": list(achievements), "stats": list(stats)})

    async def player(self, account_id: UUID | None = None) -> UUID:
        """Have somebody own the game."""
        player_id = account_id or uuid4()
        async with self.library.channel() as channel:
            await LicencesStub(channel).GrantLicence(
                GrantLicenceRequest(
                    account_id=str(player_id),
                    app_ids=[str(self.app_id)],
                    kind=LICENCE_KIND_GIFT,
                    source="gift",
                    source_id=new_id().hex,
                )
            )
        return player_id

    async def session(self, player_id: UUID) -> str:
        """Have somebody play; return the session."""
        started = await self.library.request(
            "POST",
            f"/v1/library/{self.app_id}/play-sessions",
            account_id=player_id,
            json={"device_id": "pc"},
        )
        assert started.status == 201, started.body
        return str(started.body["session_id"])

    async def report(self, player_id: UUID, key: str, **said: Any) -> Answer:
        """Tell of an achievement as a player's game does."""
        path = f"/v1/library/{self.app_id}/achievements/{key}"
        return await self.library.request("PUT", path, account_id=player_id, json=said)

    async def shown(self, player_id: UUID) -> dict[str, Any]:
        """Return what a player has, by key."""
        answer = await self.library.request(
            "GET", f"/v1/library/{self.app_id}/achievements", account_id=player_id
        )
        assert answer.status == 200, answer.body
        return {one["key"]: one for one in answer.body["items"]}

    async def change(self, player_id: UUID, *changes: Any, **said: Any) -> Answer:
        """Change stats as a player's game does."""
        return await self.library.request(
            "PATCH",
            f"/v1/library/{self.app_id}/stats",
            account_id=player_id,
            json={"stats": list(changes), **said},
        )
