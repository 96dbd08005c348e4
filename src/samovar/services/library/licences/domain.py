"""What a licence is. Pure."""

import re
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError

LicenceKind = Literal["purchase", "gift", "key", "free", "trial", "family", "grant"]
KINDS: tuple[LicenceKind, ...] = get_args(LicenceKind)
APPS_PER_LICENCE_MAX = 500
SOURCE_ID_LENGTH_MAX = 128
EXPIRED = "expired"
_WORD = re.compile(r"[a-z][a-z_]{0,31}")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A licence that somebody wants to grant.

    Attributes:
        package_id: The package that was sold or given; none for single apps.
        app_ids: What it opens.
        source: Who grants it: `order`, `gift`, `key`, `operator`.
        source_id: Their own name for this grant: a second one under it gives nothing more.
        expires_at: When it ends by itself; none: never.
    """

    account_id: UUID
    package_id: UUID | None = None
    app_ids: tuple[UUID, ...]
    kind: LicenceKind
    source: str
    source_id: str
    expires_at: datetime | None = None


class Licence(Wanted, frozen=True, kw_only=True):
    """A licence as it is kept; once revoked it stays so."""

    id: UUID
    granted_at: datetime
    revoked_at: datetime | None
    revoke_reason: str | None

    @property
    def version(self) -> int:
        """Return 1 for one that was granted, 2 for one that was revoked since."""
        return 1 if self.revoked_at is None else 2

    def is_what(self, wanted: Wanted) -> bool:
        """Return whether granting this once more is a repetition: everything but the order of the apps is the same."""
        return (
            self.account_id == wanted.account_id
            and self.package_id == wanted.package_id
            and set(self.app_ids) == set(wanted.app_ids)
            and self.kind == wanted.kind
            and self.expires_at == wanted.expires_at
        )


def faults_of_source(source: str, source_id: str) -> list[FieldError]:
    """Return what is wrong with the name of a grant."""
    faults = []
    if not is_word(source):
        faults.append(FieldError("source", "invalid", "lower-case letters and `_`, at most 32"))
    if not 0 < len(source_id) <= SOURCE_ID_LENGTH_MAX or "\0" in source_id:
        limit = str(SOURCE_ID_LENGTH_MAX)
        faults.append(FieldError("source_id", "invalid", f"1 to {limit} characters", limit=limit))
    return faults


def faults_of(wanted: Wanted, now: datetime) -> list[FieldError]:
    """Return what else is wrong with a licence that somebody wants to grant and that is not there yet."""
    faults = []
    if not wanted.app_ids:
        faults.append(FieldError("app_ids", "too_short", "at least one app", limit="1"))
    if len(wanted.app_ids) > APPS_PER_LICENCE_MAX:
        limit = str(APPS_PER_LICENCE_MAX)
        faults.append(FieldError("app_ids", "too_long", f"at most {limit} apps", limit=limit))
    if wanted.expires_at and wanted.expires_at <= now:
        faults.append(FieldError("expires_at", "past", "it must be later than now"))
    return faults


def is_word(text: str) -> bool:
    """Return whether a text may name a source or a reason: `refunded`."""
    return _WORD.fullmatch(text) is not None
