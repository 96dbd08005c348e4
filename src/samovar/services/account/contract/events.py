"""The events that account sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from samovar.kit.events import Aggregate, Event


class ProfileChanged(Event, frozen=True, kw_only=True, subject="account.v1.profile_changed"):
    """What others see of a person is new, or there for the first time; it comes right after the registration, too.

    Attributes:
        name: The unique name that the person chose, if any.
        avatar_url: A path below the origin; `?size=64` gives the small picture.
        version: Counts the changes: keep the highest.
    """

    personal: ClassVar = {"display_name": "", "name": None, "avatar_url": ""}

    account_id: UUID
    display_name: str
    name: str | None = None
    avatar_url: str
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the profile of the account."""
        return Aggregate(str(self.account_id), self.version)


class AgeLevelChanged(Event, frozen=True, kw_only=True, subject="account.v1.age_level_changed"):
    """A person has reached an age level, or is known to be of one; without this event the level is 0.

    Attributes:
        level: 0, 6, 12, 16 or 18: the greatest that is not above the age (436-ФЗ).
        source: Who says so: `self`.
    """

    account_id: UUID
    level: int
    source: str
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class PrivacyException(msgspec.Struct, frozen=True, kw_only=True):
    """A section that is open or closed for one person, whatever the rule says."""

    account_id: UUID
    section: str
    is_allowed: bool


class PrivacyChanged(Event, frozen=True, kw_only=True, subject="account.v1.privacy_changed"):
    """A person shows their sections to others than before; without this event profile is `everyone`, the rest `friends`.

    A block, of which friends tells, hides everything whatever stands here; whoever does not see the profile sees no section.

    Attributes:
        profile: `everyone`, `friends` or `nobody`, as the others.
        exceptions: All there are; each decides before the rule does.
        version: Counts the changes: keep the highest.
    """

    account_id: UUID
    profile: str
    library: str
    friends: str
    activity: str
    exceptions: tuple[PrivacyException, ...] = ()
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the privacy of the account."""
        return Aggregate(str(self.account_id), self.version)


class SettingsChanged(Event, frozen=True, kw_only=True, subject="account.v1.settings_changed"):
    """A person wants the platform to look or speak otherwise; it comes right after the registration, too.

    Attributes:
        language: `ru` or `en`.
        country: ISO 3166-1 alpha-2, as the person said.
        time_zone: Its name in the IANA database: `Europe/Moscow`.
        hidden_content: Kinds of content that the person does not want to be shown.
        version: Counts the changes: keep the highest.
    """

    personal: ClassVar = {"country": None}

    account_id: UUID
    language: str
    country: str | None = None
    time_zone: str
    hidden_content: tuple[str, ...] = ()
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the settings of the account."""
        return Aggregate(str(self.account_id), self.version)


class FriendRequested(Event, frozen=True, kw_only=True, subject="account.v1.friend_requested"):
    """Somebody asks another to be friends.

    Attributes:
        relation_version: Counts the events about these two accounts, for all six kinds together.
    """

    request_id: UUID
    sender_id: UUID
    recipient_id: UUID
    relation_version: int
    requested_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(self.sender_id, self.recipient_id, self.relation_version)


class FriendRequestClosed(Event, frozen=True, kw_only=True, subject="account.v1.friend_request_closed"):
    """A friend request waits no longer for an answer, and did not become a friendship.

    Attributes:
        reason: `declined`, `canceled`, `expired`, or `blocked`: the recipient blocks the sender. The sender is told none of
            this.
    """

    request_id: UUID
    sender_id: UUID
    recipient_id: UUID
    reason: str
    relation_version: int
    closed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(self.sender_id, self.recipient_id, self.relation_version)


class FriendshipBegun(Event, frozen=True, kw_only=True, subject="account.v1.friendship_begun"):
    """Two accounts are friends now.

    Attributes:
        account_ids: The two, the lesser id first.
        accepted_by: Who said yes last; the other asked.
    """

    account_ids: tuple[UUID, UUID]
    accepted_by: UUID
    relation_version: int
    begun_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(*self.account_ids, self.relation_version)


class FriendshipEnded(Event, frozen=True, kw_only=True, subject="account.v1.friendship_ended"):
    """Two accounts are friends no longer.

    Attributes:
        account_ids: The two, the lesser id first.
        ended_by: Who ended it; the other is not told.
        reason: `ended` or `blocked`.
    """

    account_ids: tuple[UUID, UUID]
    ended_by: UUID
    reason: str
    relation_version: int
    ended_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(*self.account_ids, self.relation_version)


class AccountBlocked(Event, frozen=True, kw_only=True, subject="account.v1.account_blocked"):
    """Somebody does not want to meet another, who must not learn of it."""

    account_id: UUID
    blocked_id: UUID
    relation_version: int
    blocked_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(self.account_id, self.blocked_id, self.relation_version)


class AccountUnblocked(Event, frozen=True, kw_only=True, subject="account.v1.account_unblocked"):
    """Somebody blocks another no longer."""

    account_id: UUID
    unblocked_id: UUID
    relation_version: int
    unblocked_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the pair."""
        return _pair(self.account_id, self.unblocked_id, self.relation_version)


class ContactVerified(Event, frozen=True, kw_only=True, subject="account.v1.contact_verified"):
    """A person has shown that a mail address or a phone is theirs; no other account has it from now on.

    Attributes:
        kind: `email` or `phone`.
        value: The address in lower case, or the number in E.164: auth signs in by it.
    """

    personal: ClassVar = {"value": ""}

    account_id: UUID
    kind: str
    value: str
    verified_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class ContactRemoved(Event, frozen=True, kw_only=True, subject="account.v1.contact_removed"):
    """A mail address or a phone is an account's no more.

    Attributes:
        kind: `email` or `phone`.
        reason: `replaced` by another one, or `claimed` by an account that has proved it.
    """

    personal: ClassVar = {"value": ""}

    account_id: UUID
    kind: str
    value: str
    reason: str
    removed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class ConsentGiven(Event, frozen=True, kw_only=True, subject="account.v1.consent_given"):
    """A person has said yes to a purpose, or to a newer wording of it.

    Attributes:
        purpose: `terms`, `personal_data` or `advertising`.
        text_version: The wording; none where the client did not say.
        channel: Where it was said: `registration` or `account`.
    """

    account_id: UUID
    purpose: str
    text_version: str | None = None
    channel: str
    given_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class ConsentWithdrawn(Event, frozen=True, kw_only=True, subject="account.v1.consent_withdrawn"):
    """A person has taken a yes back: what rested on it ends at once.

    Attributes:
        channel: Where it was said: `account`, `erasure`, or the means by which advertising was refused.
    """

    account_id: UUID
    purpose: str
    channel: str
    withdrawn_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class AccountErased(Event, frozen=True, kw_only=True, subject="account.v1.account_erased"):
    """A person has been forgotten in all services; the id stays, with nobody behind it.

    Whoever keeps a copy of something about this account drops it: its friendships, contacts, consents and profile end with this
    event, without events of their own.
    """

    account_id: UUID
    erased_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


def _pair(one: UUID, other: UUID, version: int) -> Aggregate:
    return Aggregate(f"{min(one, other)}:{max(one, other)}", version)
