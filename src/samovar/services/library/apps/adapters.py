"""What the copy asks of catalog, over gRPC."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.rpc.client import Peers
from samovar.kit.text.titles import sort_key, words_of
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.library.apps.schemas import AppCopy

TIMEOUT_S = 5.0


class CatalogApps:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def find(self, app_ids: Sequence[UUID]) -> dict[UUID, AppCopy]:
        """Return what apps are; unknown ones are left out. At most 500.

        Raises:
            DeadlineExceeded: Catalog does not answer in time.
            Unavailable: Catalog is away.
        """
        russian = await self._ask(app_ids, "ru")
        english = await self._ask(app_ids, "en")
        return {
            UUID(app_id): _copy(UUID(app_id), app, english[app_id].title)
            for app_id, app in russian.items()
            if app_id in english
        }

    async def _ask(self, app_ids: Sequence[UUID], language: str) -> dict[str, v1_pb2.App]:
        asked = v1_pb2.BatchGetAppsRequest(app_ids=[str(app_id) for app_id in app_ids], language=language)
        return dict((await self._apps.BatchGetApps(asked, timeout=TIMEOUT_S)).apps)


def _copy(app_id: UUID, app: v1_pb2.App, title_en: str) -> AppCopy:
    return AppCopy(
        app_id=app_id,
        slug=app.slug,
        title_ru=app.title,
        title_en=title_en,
        sort_ru=sort_key(app.title),
        sort_en=sort_key(title_en),
        words=" ".join(dict.fromkeys((words_of(app.title), words_of(title_en)))),
        kind=app.kind,
        stage=app.stage,
        base_app_id=UUID(app.base_app_id) if app.HasField("base_app_id") else None,
        capsule_url=app.capsule_url if app.HasField("capsule_url") else None,
        organisation_id=UUID(app.organisation_id) if app.HasField("organisation_id") else None,
        version=app.version,
    )
