"""Tying a person at a provider to an account, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.providers import repository
from samovar.services.auth.providers.domain import Decision, Identity, shown_name
from samovar.services.auth.providers.errors import AlreadyLinked, LinkTaken, NotFirstFactor, SignedDataStale
from samovar.services.auth.providers.repository import Link
from samovar.services.auth.providers.schemas import Linked


class Linking:
    """Ties people to accounts."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def use_once(self, tx: Transaction, identity: Identity) -> bool:
        """Return whether what a messenger has signed is used for the first time; codes see to that themselves."""
        if identity.seen is None or identity.seen_until is None:
            return True
        return await repository.insert_seen_data(tx, identity.seen, identity.seen_until)

    async def insert(
        self, tx: Transaction, account_id: UUID, identity: Identity, country: str | None, now: datetime
    ) -> bool:
        """Add a link; false when this very link is there already.

        Raises:
            LinkTaken: The person belongs to another account.
            AlreadyLinked: The account has a link to another person there.
        """
        link = Link(
            provider=identity.provider,
            subject=identity.subject,
            account_id=account_id,
            name=shown_name(identity),
            country=country,
            linked_at=now,
            last_used_at=now,
        )
        if await repository.insert_link(tx, link):
            return True
        present = await repository.find_link(tx, identity.provider, identity.subject)
        if present is None:
            raise AlreadyLinked(f"{account_id} has a link to {identity.provider}")
        if present.account_id != account_id:
            raise LinkTaken(f"somebody of {identity.provider} belongs to another account")
        return False

    async def link(
        self,
        tx: Transaction,
        account_id: UUID,
        session_id: UUID,
        identity: Identity,
        decision: Decision,
        client: Client,
        now: datetime,
    ) -> Linked:
        """Tie a person to the account that asks for it, and tell its owner; errors as in `insert`.

        Raises:
            NotFirstFactor: The provider is not offered in this country at all.
        """
        if decision.standing == "no":
            raise NotFirstFactor(f"{identity.provider} is not offered in {decision.country}")
        if not await self.use_once(tx, identity):
            raise SignedDataStale("used before")
        linked = Linked(provider=identity.provider, name=shown_name(identity))
        if not await self.insert(tx, account_id, identity, decision.country, now):
            return linked
        await self._audit.done(
            tx,
            "link.added",
            account_id=account_id,
            session_id=session_id,
            address=client.address,
            provider=identity.provider,
            country=decision.country,
            policy=decision.policy,
        )
        await tx.publish(
            CredentialChanged(
                account_id=account_id,
                credential="link",
                action="added",
                name=identity.provider,
                session_id=session_id,
                changed_at=now,
            )
        )
        return linked
