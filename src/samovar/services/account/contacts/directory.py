"""What other rooms show of a person's contacts."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.account.contacts import domain, repository
from samovar.services.account.contacts.domain import IdentityLevel
from samovar.services.account.contacts.schemas import Contact


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts of one account, and how well the person is known by them."""

    email: Contact | None
    phone: Contact | None
    identity_level: IdentityLevel


class Directory:
    """Contacts, for reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account_id: UUID) -> Own:
        """Return the contacts of an account; unknown accounts have none."""
        held = {one.kind: one for one in await repository.list_contacts(self._database, account_id)}
        email, phone = (
            Contact(
                kind=one.kind,
                value=one.value,
                verified=one.verified_at is not None,
                verified_at=one.verified_at,
            )
            if (one := held.get(kind))
            else None
            for kind in ("email", "phone")
        )
        level = domain.identity_level(
            email_verified=email is not None and email.verified,
            phone_verified=phone is not None and phone.verified,
        )
        return Own(email=email, phone=phone, identity_level=level)
