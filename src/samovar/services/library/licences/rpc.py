"""gRPC: what other services ask of licences, and how they grant them."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_id, read_ids
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer
from samovar.services.library.licences.domain import KINDS, Licence, LicenceKind, Wanted
from samovar.services.library.licences.schemas import Held
from samovar.services.library.licences.use_cases import Licences

APPS_PER_CHECK_MAX = 500
LICENCES_PER_PAGE_MAX = 500

_NUMBERS = {kind: v1_pb2.LicenceKind.Value(f"LICENCE_KIND_{kind.upper()}") for kind in KINDS}
_KINDS: dict[int, LicenceKind] = {number: kind for kind, number in _NUMBERS.items()}


class LicencesRpc(LicencesServicer):
    """Checks in batches; grants and revokes one at a time, each once."""

    def __init__(self, licences: Licences) -> None:
        self._licences = licences

    async def BatchCheck(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchCheckRequest,
        context: ServicerContext[v1_pb2.BatchCheckRequest, v1_pb2.BatchCheckResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.BatchCheckResponse:
        """Return which of these apps an account may use."""
        app_ids = read_ids("app_ids", request.app_ids, most=APPS_PER_CHECK_MAX)
        held = await self._licences.check(read_id("account_id", request.account_id), app_ids)
        answer = v1_pb2.BatchCheckResponse()
        for app_id in app_ids:
            _hold(answer.holdings[str(app_id)], held.get(app_id))
        return answer

    async def GrantLicence(  # noqa: N802  as above
        self,
        request: v1_pb2.GrantLicenceRequest,
        context: ServicerContext[v1_pb2.GrantLicenceRequest, v1_pb2.GrantLicenceResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.GrantLicenceResponse:
        """Give an account a licence."""
        kind = _KINDS.get(request.kind)
        if kind is None:
            raise InvalidInput(fields=[FieldError("kind", "invalid", "not a kind of licence")])
        licence, is_new = await self._licences.grant(
            Wanted(
                account_id=read_id("account_id", request.account_id),
                package_id=read_id("package_id", request.package_id)
                if request.HasField("package_id")
                else None,
                app_ids=tuple(read_id("app_ids", text) for text in request.app_ids),
                kind=kind,
                source=request.source,
                source_id=request.source_id,
                expires_at=_moment("expires_at", request.expires_at)
                if request.HasField("expires_at")
                else None,
            )
        )
        return v1_pb2.GrantLicenceResponse(licence=_licence(licence), is_new=is_new)

    async def RevokeLicence(  # noqa: N802  as above
        self,
        request: v1_pb2.RevokeLicenceRequest,
        context: ServicerContext[v1_pb2.RevokeLicenceRequest, v1_pb2.RevokeLicenceResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.RevokeLicenceResponse:
        """Take a licence back."""
        if request.HasField("licence_id"):
            licence_id = read_id("licence_id", request.licence_id)
            ended = await self._licences.revoke(licence_id, reason=request.reason)
        else:
            ended = await self._licences.revoke_granted(
                request.source, request.source_id, reason=request.reason
            )
        return v1_pb2.RevokeLicenceResponse(licence=_licence(ended))

    async def ListLicences(  # noqa: N802  as above
        self,
        request: v1_pb2.ListLicencesRequest,
        context: ServicerContext[v1_pb2.ListLicencesRequest, v1_pb2.ListLicencesResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.ListLicencesResponse:
        """Return a page of licences, in the order of their ids."""
        licences = await self._licences.list_licences(
            read_id("account_id", request.account_id) if request.HasField("account_id") else None,
            read_id("after_licence_id", request.after_licence_id)
            if request.HasField("after_licence_id")
            else None,
            min(request.limit or LICENCES_PER_PAGE_MAX, LICENCES_PER_PAGE_MAX),
        )
        return v1_pb2.ListLicencesResponse(licences=[_licence(licence) for licence in licences])


def _hold(holding: v1_pb2.Holding, held: Held | None) -> None:
    """Fill in what an account holds of an app, where it stands in the answer: a map of messages would be copied."""
    if held is None:
        return
    if held.since is not None:
        holding.owned = True
        holding.since.FromDatetime(held.since)
    holding.play_minutes = held.play_minutes
    holding.play_seconds = held.play_seconds
    holding.kinds.extend(_NUMBERS[kind] for kind in held.kinds)


def _licence(licence: Licence) -> v1_pb2.Licence:
    return v1_pb2.Licence(
        licence_id=str(licence.id),
        account_id=str(licence.account_id),
        package_id=str(licence.package_id) if licence.package_id else None,
        app_ids=[str(app_id) for app_id in licence.app_ids],
        kind=_NUMBERS[licence.kind],
        source=licence.source,
        source_id=licence.source_id,
        granted_at=_timestamp(licence.granted_at),
        expires_at=_timestamp(licence.expires_at),
        revoked_at=_timestamp(licence.revoked_at),
        revoke_reason=licence.revoke_reason,
        version=licence.version,
    )


def _timestamp(moment: datetime | None) -> Timestamp | None:
    if moment is None:
        return None
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def _moment(field: str, timestamp: Timestamp) -> datetime:
    try:
        return timestamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(fields=[FieldError(field, "invalid", "not a time")]) from None
