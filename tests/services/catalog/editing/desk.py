"""An organisation of developers with its pages, and moderators, as tests of editing speak to catalog."""

import io
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from samovar.kit.identity import Level, RoleGrant
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.pages import name_terms

TAGS = ["cosy", "farm", "fishing", "cooking", "rpg"]


class Desk:
    """Somebody with a level in an organisation, and a moderator."""

    def __init__(
        self, catalog: Running, *, level: Level = "editor", organisation_id: UUID | None = None
    ) -> None:
        self.catalog = catalog
        self.organisation_id = organisation_id or uuid4()
        self.account_id = uuid4()
        self.moderator_id = uuid4()
        self.grants: tuple[RoleGrant, ...] = (RoleGrant(level, self.organisation_id),)

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        """Ask as the developer."""
        return await self.catalog.request(
            method,
            f"/v1/dev/apps{path}",
            account_id=self.account_id,
            roles=("player", "developer"),
            grants=self.grants,
            **more,
        )

    async def moderate(self, method: str, path: str, **more: Any) -> Answer:
        """Ask as the moderator."""
        return await self.catalog.request(
            method,
            f"/v1/admin/catalog/apps{path}",
            account_id=self.moderator_id,
            roles=("player", "moderator"),
            acr="aal2",
            **more,
        )

    async def create(self, slug: str | None = None, **fields: Any) -> Answer:
        """Make an app."""
        body = {
            "organisation_id": str(self.organisation_id),
            "slug": slug or f"app-{uuid4().hex[:12]}",
            "title": "Чайник",
            "short_description": "Про чайник",
            "age": {"rating": 6},
        }
        return await self.ask("POST", "", json=body | fields)

    async def new(self, **fields: Any) -> str:
        """Make an app and return its id."""
        made = await self.create(**fields)
        assert made.status == 201, made.body
        return str(made.body["app_id"])

    async def whole(self) -> str:
        """Make an app whose draft has all that a page needs, and return its id."""
        app_id = await self.new()
        await name_terms(self.catalog.database, "tag", *TAGS)
        changed = await self.ask(
            "PATCH",
            f"/{app_id}",
            json={
                "texts": {"ru": {"description": "Очень подробно."}},
                "tags": TAGS,
                "media": [await picture(self.catalog)],
                "licence": "MIT",
                "release": {"stage": "released"},
            },
        )
        assert changed.status == 200, changed.body
        return app_id

    async def published(self) -> str:
        """Make an app, publish it, and return its id."""
        app_id = await self.whole()
        answer = await self.moderate("POST", f"/{app_id}/publish", json={"reason": "в порядке"})
        assert answer.status == 200, answer.body
        return app_id


async def picture(catalog: Running) -> dict[str, Any]:
    """Return a capsule that is in the store."""
    out = io.BytesIO()
    Image.new("RGB", (616, 353), f"#{uuid4().hex[:6]}").save(out, "PNG")
    answer = await catalog.request(
        "POST",
        "/v1/dev/media",
        account_id=uuid4(),
        roles=("player", "developer"),
        data=out.getvalue(),
        headers={"Content-Type": "image/png"},
    )
    return {"kind": "capsule", **answer.body}
