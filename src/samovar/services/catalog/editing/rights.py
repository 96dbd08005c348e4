"""Who may edit an app: editors of its organisation, and staff. To all others it is not there."""

from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.catalog.editing import repository
from samovar.services.catalog.editing.repository import Reader
from samovar.services.catalog.errors import AppNotFound

EDIT = "catalog.app.edit"
MODERATE = "catalog.app.moderate"
PUBLISH = "catalog.app.publish"
PERMISSIONS = {
    EDIT: ("developer", "moderator", "admin"),
    MODERATE: ("moderator", "admin"),
    PUBLISH: ("moderator", "admin"),
}


class EditRights:
    """Decides by the token alone."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions

    def is_staff(self, caller: Caller) -> bool:
        """Return whether the caller edits everything."""
        return self._permissions.allows(caller, MODERATE)

    def require_in(self, caller: Caller, organisation_id: UUID) -> None:
        """Let through who may make apps in an organisation.

        Raises:
            AppNotFound: They may not; whether there is such an organisation is not told.
        """
        if not self._permissions.allows_in(caller, EDIT, level="editor", organisation_id=organisation_id):
            raise AppNotFound(f"no right in {organisation_id}")

    async def require(self, reader: Reader, caller: Caller, app_id: UUID, level: Level = "editor") -> None:
        """Let through who has a level for an app, or for the game that it belongs to.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to know.
        """
        owner = await repository.find_owner(reader, app_id)
        if owner is None or not self._may(caller, owner, level):
            raise AppNotFound(str(app_id))

    async def require_base(
        self, reader: Reader, caller: Caller, slug: str, organisation_id: UUID | None
    ) -> None:
        """Refuse what would belong to a game of another organisation: its page would show what is not its own. Staff may.

        Raises:
            InvalidInput: As where there is no such game.
        """
        base = await repository.find_owner_by_slug(reader, slug)
        if base and base.organisation_id != organisation_id and not self.is_staff(caller):
            raise InvalidInput(slug, fields=[FieldError("base", "base_unknown", "there is no such game")])

    def _may(self, caller: Caller, owner: repository.Owner, level: Level) -> bool:
        if self.is_staff(caller):
            return True
        if owner.organisation_id is None:
            return False
        games = [owner.id, *([owner.base_app_id] if owner.base_app_id else [])]
        return any(
            self._permissions.allows_in(
                caller, EDIT, level=level, organisation_id=owner.organisation_id, game_id=game_id
            )
            for game_id in games
        )
