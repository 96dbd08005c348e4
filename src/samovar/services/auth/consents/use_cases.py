"""Seeing and withdrawing what one lets programs know."""

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.kit.identity.verifier import Verifier
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.consents import repository
from samovar.services.auth.consents.schemas import ConsentedClient
from samovar.services.auth.grants import ends
from samovar.services.auth.grants.domain import GRANTS_PER_CLIENT_MAX


class ConsentPosition(msgspec.Struct, frozen=True):
    """Where a page of consents ended."""

    client_id: str


class Consents:
    """What an account lets programs know."""

    def __init__(
        self, database: Database, *, registry: Registry, verifier: Verifier, audit: Audit, clock: Clock
    ) -> None:
        self._database = database
        self._registry = registry
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def page(self, caller: Caller, *, limit: int, cursor: str | None) -> Page[ConsentedClient]:
        """Return a page of the programs that the caller lets know something."""
        position = decode_cursor(cursor, ConsentPosition)
        rows = await repository.list_consents(
            self._database,
            caller.account_id,
            after=position.client_id if position else None,
            limit=limit + 1,
        )
        clients = await self._registry.find_all([row.client_id for row in rows])
        seen = [
            ConsentedClient(
                client_id=row.client_id,
                name=clients[row.client_id].name if row.client_id in clients else "",
                developer_name=clients[row.client_id].developer_name if row.client_id in clients else "",
                game_id=clients[row.client_id].game_id if row.client_id in clients else None,
                scopes=row.scopes,
                given_at=row.given_at,
            )
            for row in rows
        ]
        return page_of(seen, limit, lambda one: ConsentPosition(one.client_id))

    async def withdraw(self, caller: Caller, client_id: str) -> None:
        """Forget a consent and end what the program was given; it is told.

        Raises:
            NotFound: The caller lets this program know nothing.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            forgotten = await repository.delete_consent(tx, caller.account_id, client_id)
            ended = await ends.end_of_client(
                tx,
                client_id,
                "consent_withdrawn",
                now,
                account_id=caller.account_id,
                limit=2 * GRANTS_PER_CLIENT_MAX,
            )
            if not forgotten and not ended:
                raise NotFound(f"{caller.account_id} lets {client_id} know nothing")
            await self._audit.done(
                tx,
                "consent.withdrawn",
                account_id=caller.account_id,
                session_id=caller.session_id,
                client_id=client_id,
            )
        for grant in ended:
            self._verifier.revoke_session(grant.id)
