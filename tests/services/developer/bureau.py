"""Developer beside an auth, an account and a catalog that a test fills, and what people do there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.errors import NotFound, SamovarError
from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.settings import Secret
from samovar.services.account.contract import v1_pb2 as account
from samovar.services.account.contract.v1_pb2_grpc import ProfilesServicer
from samovar.services.auth.contract import v1_pb2 as auth
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysServicer, RolesServicer
from samovar.services.catalog.contract import v1_pb2 as catalog
from samovar.services.catalog.contract.v1_pb2_grpc import (
    AppsServicer,
    EditingServicer,
    PackagesServicer,
)
from samovar.services.catalog.editing.errors import BaseNotPublished, DraftChanged, DraftClashes
from samovar.services.catalog.errors import AppNotFound
from samovar.testing.hosting import Answer, Running
from tests.services.developer.counters import NumbersPeer
from tests.services.developer.forge import Forge

UNAVAILABLE = 14
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class RolesPeer(RolesServicer):
    """Auth, as far as it is asked of members.

    Attributes:
        grants: What it has given: account, organisation, level, game.
        refusal: What every change is refused with.
        away: It refuses every call.
        loses_answers: It does what it is asked, and says nothing.
    """

    def __init__(self) -> None:
        self.grants: list[tuple[str, str, str, str | None]] = []
        self.refusal: SamovarError | None = None
        self.away = False
        self.loses_answers = False

    async def GrantRole(self, request: Any, context: Any) -> auth.GrantRoleResponse:  # noqa: N802
        """Give a role."""
        await self._begin(context)
        game_id = request.game_id if request.HasField("game_id") else None
        grant = (request.account_id, request.organisation_id, request.level, game_id)
        if grant not in self.grants:
            self.grants.append(grant)
        if self.loses_answers:
            await context.abort(UNAVAILABLE, "lost")
        return auth.GrantRoleResponse(grant_id=str(uuid4()))

    async def RevokeRole(self, request: Any, context: Any) -> auth.RevokeRoleResponse:  # noqa: N802
        """Take a role, or all."""
        await self._begin(context)
        self.grants = [
            grant
            for grant in self.grants
            if grant[:2] != (request.account_id, request.organisation_id)
            or (request.HasField("level") and request.level != grant[2])
        ]
        return auth.RevokeRoleResponse()

    async def ListGrants(self, request: Any, context: Any) -> auth.ListGrantsResponse:  # noqa: N802
        """Tell of all grants of an account or an organisation, in one page."""
        await self._begin(context)
        return auth.ListGrantsResponse(
            grants=[
                auth.Grant(
                    id=str(uuid4()),
                    account_id=who,
                    organisation_id=where,
                    level=level,
                    game_id=game_id,
                    granted_at="2026-11-27T10:00:00Z",
                )
                for who, where, level, game_id in self.grants
                if (not request.HasField("account_id") or request.account_id == who)
                and (not request.HasField("organisation_id") or request.organisation_id == where)
            ]
        )

    async def _begin(self, context: Any) -> None:
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        if self.refusal:
            raise self.refusal


class KeysPeer(ApiKeysServicer):
    """Auth, as far as it is asked of API keys.

    Attributes:
        keys: What it has made and not ended, by organisation.
        minted: What it was asked to mint.
        refusal: What every call is refused with.
        away: It refuses every call.
    """

    def __init__(self) -> None:
        self.keys: dict[str, list[auth.OrganisationKey]] = {}
        self.minted: list[auth.MintPublishingKeyRequest] = []
        self.refusal: SamovarError | None = None
        self.away = False

    async def MakeOrganisationKey(self, request: Any, context: Any) -> auth.MakeOrganisationKeyResponse:  # noqa: N802
        """Make a key."""
        await self._begin(context)
        made = auth.OrganisationKey(
            id=str(uuid4()),
            account_id=str(uuid4()),
            name=request.name,
            hint="smvk_abcd",
            scope=request.scope,
            game_id=request.game_id if request.HasField("game_id") else None,
            networks=request.networks,
            created_at="2026-11-27T10:00:00Z",
            last_used_at="2026-11-27T10:00:00Z",
            expires_at="2027-02-25T10:00:00Z",
        )
        self.keys.setdefault(request.organisation_id, []).insert(0, made)
        return auth.MakeOrganisationKeyResponse(key="smvk_abcdefgh", made=made)

    async def MintPublishingKey(self, request: Any, context: Any) -> auth.MakeOrganisationKeyResponse:  # noqa: N802
        """Mint a key."""
        await self._begin(context)
        self.minted.append(request)
        return auth.MakeOrganisationKeyResponse(
            key="smvk_minted",
            made=auth.OrganisationKey(scope=request.scope, expires_at="2026-11-27T10:30:00Z"),
        )

    async def CheckPublishingScope(self, request: Any, context: Any) -> auth.CheckPublishingScopeResponse:  # noqa: N802
        """Find every scope good."""
        await self._begin(context)
        return auth.CheckPublishingScopeResponse(scope=request.scope)

    async def ListOrganisationKeys(self, request: Any, context: Any) -> auth.ListOrganisationKeysResponse:  # noqa: N802
        """Tell of all keys of an organisation, in one page."""
        await self._begin(context)
        return auth.ListOrganisationKeysResponse(keys=self.keys.get(request.organisation_id, []))

    async def EndOrganisationKey(self, request: Any, context: Any) -> auth.EndOrganisationKeyResponse:  # noqa: N802
        """End a key."""
        await self._begin(context)
        left = [key for key in self.keys.get(request.organisation_id, []) if key.id != request.key_id]
        if len(left) == len(self.keys.get(request.organisation_id, [])):
            raise NotFound("no such key")
        self.keys[request.organisation_id] = left
        return auth.EndOrganisationKeyResponse()

    async def _begin(self, context: Any) -> None:
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        if self.refusal:
            raise self.refusal


class ProfilesPeer(ProfilesServicer):
    """Account, which knows everybody as «Игрок».

    Attributes:
        away: It refuses every call.
    """

    def __init__(self) -> None:
        self.away = False

    async def BatchGetProfiles(self, request: Any, context: Any) -> account.BatchGetProfilesResponse:  # noqa: N802
        """Return how people are called."""
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        return account.BatchGetProfilesResponse(
            profiles={one: account.Profile(display_name="Игрок") for one in request.account_ids}
        )


class Page:
    """The page of an app and its draft; every attribute may be changed."""

    def __init__(self, organisation_id: UUID | None) -> None:
        self.id = uuid4()
        self.organisation_id = organisation_id
        self.state = "draft"
        self.draft_id: UUID | None = uuid4()
        self.draft_version = 1
        self.page_version = 1
        self.lacking: list[tuple[str, str]] = []
        self.clashes: list[str] = []
        self.game: Page | None = None

    def edit(self) -> None:
        """Change the draft, or begin one."""
        self.draft_version = self.draft_version + 1 if self.draft_id else 1
        self.draft_id = self.draft_id or uuid4()

    def begin_anew(self) -> None:
        """Drop the draft and write another one, whose versions count from 1 again."""
        self.draft_id, self.draft_version = uuid4(), 1


class EditingPeer(EditingServicer):
    """Catalog, as far as it is asked of drafts.

    Attributes:
        away: It refuses every call.
        loses_answers: It publishes, and says nothing.
        published: What was published: app, reason.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.away = False
        self.loses_answers = False
        self.published: list[tuple[str, str]] = []

    async def GetDraft(self, request: Any, context: Any) -> catalog.GetDraftResponse:  # noqa: N802
        """Return the draft of an app."""
        page = await self._page(request, context)
        return catalog.GetDraftResponse(
            slug="samovar-tales",
            kind="game",
            organisation_id=str(page.organisation_id) if page.organisation_id else None,
            state=page.state,
            page_version=page.page_version,
            draft_version=page.draft_version if page.draft_id else 0,
            draft_id=str(page.draft_id) if page.draft_id else None,
            page_json='{"title": "Сказки самовара"}',
            differences=[catalog.PageDifference(path="title", after_json='"Сказки самовара"')],
            clashes=page.clashes,
            needed=[catalog.PageNeed(field=field, code=code) for field, code in page.lacking],
            base_app_id=str(page.game.id) if page.game else None,
            needs_base=page.game is not None and page.game.state != "published",
        )

    async def PublishDraft(self, request: Any, context: Any) -> catalog.PublishDraftResponse:  # noqa: N802
        """Make a draft the page; what was published for this reason is told once more."""
        page = await self._page(request, context)
        done = (request.app_id, request.reason)
        if done not in self.published:
            if (str(page.draft_id), page.draft_version) != (request.draft_id, request.draft_version):
                raise DraftChanged
            if page.clashes:
                raise DraftClashes(paths="title")
            if page.game and page.game.state != "published":
                raise BaseNotPublished(base="samovar-tales")
            self.published.append(done)
            page.state, page.draft_id, page.draft_version = "published", None, 0
            page.page_version += 1
        if self.loses_answers:
            await context.abort(UNAVAILABLE, "lost")
        return catalog.PublishDraftResponse(state=page.state, page_version=page.page_version)

    async def _page(self, request: Any, context: Any) -> Page:
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        if request.app_id not in self.pages:
            raise AppNotFound
        return self.pages[request.app_id]


class ShelfPeer(AppsServicer, PackagesServicer):
    """Catalog, as far as it is asked of apps and packages.

    Attributes:
        away: It refuses every call.
    """

    def __init__(self) -> None:
        self.apps: dict[str, catalog.App] = {}
        self.packages: dict[str, catalog.Package] = {}
        self.away = False

    def add_app(self, organisation_id: UUID | None, **said: Any) -> UUID:
        """Put an app into the catalog."""
        app_id = uuid4()
        owner = str(organisation_id) if organisation_id else None
        fields = {"kind": "game", "state": "published", "slug": f"app-{app_id.hex[:8]}", **said}
        self.apps[str(app_id)] = catalog.App(organisation_id=owner, **fields)
        return app_id

    def add_package(self, app_id: UUID) -> UUID:
        """Offer a package on the page of an app."""
        package_id = uuid4()
        self.packages[str(package_id)] = catalog.Package(app_id=str(app_id), app_ids=[str(app_id)])
        return package_id

    async def BatchGetApps(self, request: Any, context: Any) -> catalog.BatchGetAppsResponse:  # noqa: N802
        """Return apps."""
        await self._begin(context)
        return catalog.BatchGetAppsResponse(
            apps={one: self.apps[one] for one in request.app_ids if one in self.apps}
        )

    async def BatchGetPackages(self, request: Any, context: Any) -> catalog.BatchGetPackagesResponse:  # noqa: N802
        """Return packages."""
        await self._begin(context)
        known = {one: self.packages[one] for one in request.package_ids if one in self.packages}
        return catalog.BatchGetPackagesResponse(packages=known)

    async def _begin(self, context: Any) -> None:
        if self.away:
            await context.abort(UNAVAILABLE, "away")


class Anybody:
    """A verifier for calls that were verified where they came from."""

    async def verify(self, token: str) -> Caller:
        """Let everybody through."""
        now = datetime.now(UTC)
        return Caller(
            account_id=uuid4(),
            session_id=uuid4(),
            roles=("player",),
            auth_time=now,
            expires_at=now + timedelta(minutes=1),
            token=Secret(token),
        )


class Bureau:
    """The service and what is beside it."""

    def __init__(
        self,
        developer: Running,
        roles: RolesPeer,
        keys: KeysPeer,
        profiles: ProfilesPeer,
        editing: EditingPeer,
        shelf: ShelfPeer,
        numbers: NumbersPeer,
        forge: Forge,
    ) -> None:
        self.developer = developer
        self.roles = roles
        self.keys = keys
        self.profiles = profiles
        self.editing = editing
        self.shelf = shelf
        self.numbers = numbers
        self.forge = forge

    async def found(self, owner_id: UUID, name: str = "Самовар") -> UUID:
        """Found an organisation."""
        answer = await self.developer.request(
            "POST", "/v1/dev/organizations", account_id=owner_id, json={"name": name}
        )
        assert answer.status == 201, answer.body
        return UUID(answer.body["id"])

    async def ask(
        self,
        method: str,
        path: str,
        *places: str,
        account_id: UUID | None = None,
        **more: Any,
    ) -> Answer:
        """Ask as a developer; `places` are grants as tokens say them, `owner@<organisation>`."""
        return await self.developer.request(
            method,
            path,
            account_id=account_id or uuid4(),
            roles=("player", "developer"),
            grants=tuple(RoleGrant.parse(place) for place in places),
            acr="aal2",
            **more,
        )

    async def as_staff(self, method: str, path: str, role: str, **more: Any) -> Answer:
        """Ask as a member of staff."""
        return await self.developer.request(
            method,
            path,
            account_id=more.pop("account_id", uuid4()),
            roles=("player", role),
            acr="aal2",
            **more,
        )

    def add_page(self, organisation_id: UUID | None) -> Page:
        """Put an app with a draft into the catalog."""
        page = Page(organisation_id)
        self.editing.pages[str(page.id)] = page
        return page
