"""The gRPC side: one for all services of a process."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput, NotFound
from samovar.kit.personal_data.declaration import PersonalData
from samovar.kit.personal_data.erasing import Eraser
from samovar.kit.personal_data.exporting import export
from samovar.kit.personal_data.v1_pb2 import EraseRequest, EraseResponse, ExportRequest, ExportResponse
from samovar.kit.personal_data.v1_pb2_grpc import PersonalDataServicer

ADDRESSES_MAX = 20
NOTHING = gzip.compress(b"{}", mtime=0)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """One service of the process; without a database it holds nothing."""

    declared: PersonalData
    database: Database | None
    eraser: Eraser | None


class PersonalDataRpc(PersonalDataServicer):
    """Answers for each service of the process."""

    def __init__(self, holders: Mapping[str, Holder]) -> None:
        self._holders = holders

    async def Export(self, request: ExportRequest, context: Any) -> ExportResponse:  # noqa: ARG002, N802  the .proto's
        """Return what a service holds of a person; a service without a database holds nothing."""
        holder, account_id, addresses = self._read(request)
        if holder.database is None:
            return ExportResponse(document=NOTHING)
        document, rows = await export(holder.database, holder.declared, account_id, addresses)
        return ExportResponse(document=document, rows=rows)

    async def Erase(self, request: EraseRequest, context: Any) -> EraseResponse:  # noqa: ARG002, N802  the .proto's
        """Forget a person, and return how much was forgotten."""
        holder, account_id, addresses = self._read(request)
        if holder.eraser is None:
            return EraseResponse()
        return EraseResponse(counts=await holder.eraser.erase(account_id, addresses))

    def _read(self, request: ExportRequest | EraseRequest) -> tuple[Holder, UUID, Sequence[str]]:
        holder = self._holders.get(request.service)
        if holder is None:
            raise NotFound(f"{request.service} does not run here")
        if len(request.addresses) > ADDRESSES_MAX:
            raise InvalidInput(fields=[FieldError("addresses", "too_long", f"at most {ADDRESSES_MAX}")])
        try:
            return holder, UUID(request.account_id), list(request.addresses)
        except ValueError:
            raise InvalidInput(fields=[FieldError("account_id", "invalid", "no UUID")]) from None
