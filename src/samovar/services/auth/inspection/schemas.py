"""The shapes of questions about tokens, in OAuth's words."""

import msgspec
from msgspec import UNSET, UnsetType

from samovar.services.auth.schemas import Confidential


class TokenInQuestion(Confidential, frozen=True, kw_only=True):
    """A token that a client asks about, or gives back (RFC 7009, 7662)."""

    token: str | None = None
    token_type_hint: str | None = None
    client_id: str | None = None
    client_secret: str | None = None


class Introspection(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a token (RFC 7662, section 2.2); of one that is not the client's own, or is over, only that it is not active."""

    active: bool
    scope: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    token_type: str | UnsetType = UNSET
    exp: int | UnsetType = UNSET
    sub: str | UnsetType = UNSET
    sid: str | UnsetType = UNSET
    iss: str | UnsetType = UNSET


class UserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a person lets the client know (OpenID Connect Core, section 5.1).

    Attributes:
        sub: The same for all games of one developer, another one for every other developer.
        name: What other players see.
        preferred_username: The unique name, where the person chose one.
        picture: The address of the picture that the person chose.
        age_over_12: At least so old. Birth dates are never told; who nobody knows the age of is over nothing.
        age_source: Who says so: `self`; absent when nobody has.
    """

    sub: str
    name: str | UnsetType = UNSET
    preferred_username: str | UnsetType = UNSET
    picture: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    email_verified: bool | UnsetType = UNSET
    age_over_12: bool | UnsetType = UNSET
    age_over_16: bool | UnsetType = UNSET
    age_over_18: bool | UnsetType = UNSET
    age_source: str | UnsetType = UNSET
