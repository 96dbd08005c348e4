"""The events that auth sends. Additive change only: an old sample must decode for ever."""

from datetime import date, datetime
from typing import ClassVar
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
        email: Normalised; one of `email` and `phone` is given, neither where an outside service proved the person and no
            address with them. Nobody has confirmed it to us yet.
        phone: E.164.
        country: ISO 3166-1 alpha-2, as the person said.
    """

    personal: ClassVar = {
        "email": None,
        "phone": None,
        "display_name": "",
        "country": None,
        "birth_date": None,
    }

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
        is_first: With it the account was made.
        device_name: What a person would call it: `Chrome, Windows`.
        address: The network address, for the person's own history.
        risk: Why it looked unlike the owner: `idle` (the account was not used for 30 days), `new_place` (a new device on a network
            that was not seen before), `guessed` (five refused attempts in the hour before).
    """

    personal: ClassVar = {"device_name": "", "address": ""}

    account_id: UUID
    session_id: UUID
    amr: tuple[str, ...]
    is_known_device: bool
    is_first: bool = False
    device_id: UUID | None = None
    device_name: str = ""
    address: str = ""
    started_at: datetime
    risk: tuple[str, ...] = ()

    def aggregate(self) -> Aggregate:
        """Return the session."""
        return Aggregate(str(self.session_id))


class SessionRevoked(Event, frozen=True, kw_only=True, subject="auth.v1.session_revoked"):
    """A session was ended; every process refuses its tokens from now on.

    Attributes:
        session_id: Also the id of an API key or of a grant to another program: their tokens name it as `sid`.
        reason: `logout`, `revoked` (by its owner from elsewhere), `token_reuse` (someone used an old refresh token: it was
            stolen), `code_reuse` (of an authorization code), `not_me` (the owner says that it was somebody else),
            `password_changed`, `device_forgotten`, `too_many_sessions`, `ended_by_staff`, `account_erased`, `role_lost` (an API key of
            which a part opens nothing any more), `renewed` (the person signed in once more in the same browser),
            `consent_withdrawn` and `client_deleted` (of grants).
    """

    account_id: UUID
    session_id: UUID
    reason: str
    revoked_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the session."""
        return Aggregate(str(self.session_id))


class DeveloperGrant(msgspec.Struct, frozen=True):
    """The role `developer` at one place.

    Attributes:
        level: `owner`, `editor`, `finance`, `viewer`.
        game_id: Only in this game; none: in the whole organisation.
    """

    level: str
    organisation_id: UUID
    game_id: UUID | None = None


class RolesChanged(Event, frozen=True, kw_only=True, subject="auth.v1.roles_changed"):
    """An account has other roles; its older access tokens no longer count.

    Attributes:
        roles: All roles it has now.
        reason: What the operator gave as reason.
        tokens_not_before: Access tokens issued before this are refused; at most a moment later than `changed_at`.
        grants: Where the role `developer` holds now, all of it.
    """

    account_id: UUID
    roles: tuple[str, ...]
    grants: tuple[DeveloperGrant, ...] = ()
    reason: str
    changed_at: datetime
    tokens_not_before: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class CredentialChanged(Event, frozen=True, kw_only=True, subject="auth.v1.credential_changed"):
    """What proves who a person is has changed. The person is told by mail, with a way to take it back.

    Attributes:
        credential: `password`, `totp`, `recovery_codes`, `passkey`, `link` (to a provider), `login`, `api_key`.
        action: `added`, `changed`, `removed`, `rolled_back`.
        name: Which one, where there are several: the passkey's name, the provider; never a secret.
        session_id: In which session; none when it was not one.
    """

    personal: ClassVar = {"name": ""}

    account_id: UUID
    credential: str
    action: str
    name: str = ""
    session_id: UUID | None = None
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class RecoveryCodeUsed(Event, frozen=True, kw_only=True, subject="auth.v1.recovery_code_used"):
    """Somebody proved who they are by a recovery code instead of a second factor. The person is told.

    Attributes:
        codes_left: How many of the set still work.
        are_few_left: So few that the person should make a new set.
    """

    account_id: UUID
    codes_left: int
    are_few_left: bool
    used_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class SignInRefused(Event, frozen=True, kw_only=True, subject="auth.v1.sign_in_refused"):
    """A device wanted in with the help of the owner, and something was wrong: somebody may be deceiving them.

    Attributes:
        reason: `wrong_number` (the owner chose another number than the device shows), `second_scan` (a second account
            opened the code).
        device_name: What the device calls itself.
        address: Its network address.
        refused_from: The network address of whoever gave the wrong answer.
    """

    personal: ClassVar = {"device_name": "", "address": "", "refused_from": ""}

    account_id: UUID
    reason: str
    device_name: str
    address: str
    refused_from: str
    refused_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class AccountHeld(Event, frozen=True, kw_only=True, subject="auth.v1.account_held"):
    """Somebody else may have been in the account: until then nothing of value leaves it (gifts, trades, payouts).

    Attributes:
        reason: `not_me`: the owner said so.
        held_until: When the hold ends by itself; in the past: it was ended early.
    """

    account_id: UUID
    reason: str
    held_at: datetime
    held_until: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))
