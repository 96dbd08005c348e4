"""Those who sell, as they ask over REST."""

from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.identity import Level, RoleGrant
from samovar.kit.ids import new_id
from samovar.testing.hosting import Answer, Running


class Seller(msgspec.Struct, frozen=True):
    """Somebody with a level in an organisation, in the whole of it or in one of its games."""

    organisation_id: UUID
    level: Level = "editor"
    game_id: UUID | None = None

    async def request(self, catalog: Running, method: str, path: str, **more: Any) -> Answer:
        """Ask as them."""
        grant = RoleGrant(self.level, self.organisation_id, self.game_id)
        return await catalog.request(
            method, path, account_id=uuid4(), roles=("player", "developer"), grants=(grant,), **more
        )


async def staff(catalog: Running, method: str, path: str, **more: Any) -> Answer:
    """Ask as a moderator."""
    return await catalog.request(method, path, account_id=uuid4(), roles=("player", "moderator"), **more)


def wanted(*app_ids: UUID, **said: Any) -> dict[str, Any]:
    """Return the body of a new package."""
    return {
        "slug": f"package-{new_id().hex}",
        "names": {"ru": "Комплект"},
        "app_ids": [str(app_id) for app_id in app_ids],
        "place": 0,
        **said,
    }
