"""What a viewer sees of many owners, put together from rules, exceptions and ties; every room may ask."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.account.privacy import domain, repository
from samovar.services.account.privacy.domain import SELF, STRANGER, Rules, Section, Sight
from samovar.services.account.privacy.relations import Relations


class Sights:
    """Decides who sees what.

    Args:
        relations: Who is whose friend, and who has blocked whom.
    """

    def __init__(self, relations: Relations) -> None:
        self._relations = relations

    async def of(
        self, database: Database | Transaction, viewer: UUID | None, owners: Sequence[UUID]
    ) -> dict[UUID, Sight]:
        """Return what the viewer sees of each owner, known here or not.

        Args:
            database: What to ask, the running transaction for one.
            viewer: Who looks; none is a stranger without an account.
            owners: At whom they look.
        """
        if not owners:
            return {}
        rules = {row.account_id: row.rules() for row in await repository.list_rules(database, list(owners))}
        exceptions: dict[UUID, dict[Section, bool]] = {}
        ties = {}
        if viewer:
            for made in await repository.list_exceptions_for(database, viewer, list(owners)):
                exceptions.setdefault(made.account_id, {})[made.section] = made.is_allowed
            ties = dict(await self._relations.between(database, viewer, owners)) | {viewer: SELF}
        return {
            owner: domain.sight(
                rules.get(owner, Rules()), ties.get(owner, STRANGER), exceptions.get(owner, {})
            )
            for owner in owners
        }
