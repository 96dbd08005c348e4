"""gRPC: what other services ask of apps."""

from grpc.aio import ServicerContext

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_ids
from samovar.services.catalog.apps import repository
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AppsServicer
from samovar.services.catalog.domain import Language, media_url

APPS_MAX = 500


class AppsRpc(AppsServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def BatchGetApps(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchGetAppsRequest,
        context: ServicerContext[v1_pb2.BatchGetAppsRequest, v1_pb2.BatchGetAppsResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.BatchGetAppsResponse:
        """Return what apps are."""
        found = await repository.list_brief(
            self._database,
            read_ids("app_ids", request.app_ids, most=APPS_MAX),
            _language(request.language or "ru"),
        )
        return v1_pb2.BatchGetAppsResponse(
            apps={
                str(app.id): v1_pb2.App(
                    slug=app.slug,
                    title=app.title,
                    kind=app.kind,
                    base_app_id=str(app.base_app_id) if app.base_app_id else None,
                    age_rating=app.age_rating,
                    state=app.state,
                    stage=app.stage,
                    organisation_id=str(app.organisation_id) if app.organisation_id else None,
                    capsule_url=media_url(app.capsule) if app.capsule else None,
                    version=app.version,
                    release_on=app.released_on.isoformat() if app.released_on else None,
                    release_promise={language: text for language, text in app.promise.items() if text},
                )
                for app in found
            }
        )


def _language(text: str) -> Language:
    if text not in {"ru", "en"}:
        raise InvalidInput(fields=[FieldError("language", "not_offered", "ru or en")])
    return "en" if text == "en" else "ru"
