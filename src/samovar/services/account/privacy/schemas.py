"""The shapes of privacy that travel."""

from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from samovar.services.account.privacy.domain import Audience, Rules

EXCEPTIONS_MAX = 200


class PrivacyException(msgspec.Struct, frozen=True, kw_only=True):
    """What is otherwise for one person: true opens a section, false closes it, null leaves it to the rule."""

    account_id: UUID
    profile: bool | None = None
    library: bool | None = None
    friends: bool | None = None
    activity: bool | None = None


class Privacy(Rules, frozen=True, kw_only=True):
    """To whom one shows what."""

    exceptions: tuple[PrivacyException, ...]


class PrivacyPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is absent stays."""

    profile: Audience | UnsetType = UNSET
    library: Audience | UnsetType = UNSET
    friends: Audience | UnsetType = UNSET
    activity: Audience | UnsetType = UNSET
    is_findable: bool | UnsetType = UNSET


class NewException(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to make otherwise for one person: true opens a section, false closes it, null leaves it to the rule."""

    profile: bool | None = None
    library: bool | None = None
    friends: bool | None = None
    activity: bool | None = None
