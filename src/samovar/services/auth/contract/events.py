"""The events that auth sends. Additive change only: an old sample must decode for ever."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.events import Aggregate, Event


class Consent(msgspec.Struct, frozen=True):
    """What a person agreed to.

    Attributes:
        purpose: What for: `terms`, `personal_data`, `advertising`.
        text_version: Which wording they saw; none where the client did not say.
    """

    purpose: str
    text_version: str | None = None


class AccountRegistered(Event, frozen=True, kw_only=True, subject="auth.v1.account_registered"):
    """A person has made an account. Whoever keeps their profile takes it from here; auth keeps none of it.

    Attributes:
        email: Normalised; one of `email` and `phone` is given. Nobody has confirmed it yet.
        phone: E.164.
        country: ISO 3166-1 alpha-2, as the person said.
    """

    account_id: UUID
    email: str | None = None
    phone: str | None = None
    display_name: str
    country: str | None = None
    birth_date: date | None = None
    consents: tuple[Consent, ...] = ()
    registered_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class SessionStarted(Event, frozen=True, kw_only=True, subject="auth.v1.session_started"):
    """A person has signed in.

    Attributes:
        amr: How (RFC 8176): `pwd`.
        is_known_device: They had signed in on this device before.
    """

    account_id: UUID
    session_id: UUID
    amr: tuple[str, ...]
    is_known_device: bool
    started_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the session."""
        return Aggregate(str(self.session_id))


class SessionRevoked(Event, frozen=True, kw_only=True, subject="auth.v1.session_revoked"):
    """A session was ended; every process refuses its tokens from now on.

    Attributes:
        reason: `logout`, `token_reuse` (someone used an old refresh token: it was stolen) or `too_many_sessions`.
    """

    account_id: UUID
    session_id: UUID
    reason: str
    revoked_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the session."""
        return Aggregate(str(self.session_id))


class RolesChanged(Event, frozen=True, kw_only=True, subject="auth.v1.roles_changed"):
    """An account has other roles; its older access tokens no longer count.

    Attributes:
        roles: All roles it has now.
        reason: What the operator gave as reason.
        tokens_not_before: Access tokens issued before this are refused; at most a moment later than `changed_at`.
    """

    account_id: UUID
    roles: tuple[str, ...]
    reason: str
    changed_at: datetime
    tokens_not_before: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))
