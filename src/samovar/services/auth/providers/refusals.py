"""Recording what was refused: each refusal of outside sign-in leaves a trace with its code and the policy's version."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from samovar.kit.errors import Internal, InvalidInput, RateLimited, SamovarError
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.providers.domain import Decision


class Trace:
    """What becomes known on the way; it goes into the audit with a refusal."""

    def __init__(self, details: dict[str, Any]) -> None:
        self.account_id: UUID | None = None
        self.session_id: UUID | None = None
        self.details = details

    def decided(self, decision: Decision) -> None:
        """Note by which table a country's rule was found."""
        self.details |= {"country": decision.country, "policy": decision.policy}


@asynccontextmanager
async def recorded(audit: Audit, action: str, client: Client, **details: Any) -> AsyncIterator[Trace]:
    """Record a refusal that leaves the block. A typing error is none, nor is a part that is away."""
    trace = Trace(details)
    try:
        yield trace
    except (InvalidInput, RateLimited):
        raise
    except SamovarError as error:
        if error.http_status < Internal.http_status:
            await audit.refused(
                action,
                account_id=trace.account_id,
                session_id=trace.session_id,
                address=client.address,
                reason=error.code,
                **trace.details,
            )
        raise
