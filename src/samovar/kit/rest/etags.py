"""Changes that are made to what the client has seen, and to nothing newer: `ETag` and `If-Match` (RFC 9110, section 13.1.1).

    @get("/v1/accounts/me", auth="player", etag=True)
    @patch("/v1/accounts/me", auth="player", etag=True, raises=(PreconditionFailed,))
    async def change_me(data: MePatch, caller: Caller, profiles: Profiles, if_match: IfMatch = None) -> Me:

The use case reads what is there, in the transaction that will change it, and calls `require_match`. A tag is made of the
representation itself, so two that are alike have one tag, whoever made them.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.errors import PreconditionFailed
from samovar.kit.rest.parameters import header

IF_MATCH_LENGTH_MAX = 512
_TAG_BYTES = 12
_ANY = "*"

_Tags = Annotated[
    str,
    Meta(
        max_length=IF_MATCH_LENGTH_MAX,
        description="The `ETag` of what the client has seen; if it is no longer so, nothing is changed and the answer is 412.",
    ),
]
IfMatch = Annotated[_Tags | None, header("If-Match")]
IfNoneMatch = Annotated[
    Annotated[
        str,
        Meta(
            max_length=IF_MATCH_LENGTH_MAX,
            description="The `ETag` of what the client has; if it is still so, the answer is 304 without a body.",
        ),
    ]
    | None,
    header("If-None-Match"),
]


def etag_of(body: bytes) -> str:
    """Return the entity tag of a body."""
    return f'"{hashlib.blake2b(body, digest_size=_TAG_BYTES).hexdigest()}"'


def require_match(if_match: str | None, current: object) -> None:
    """Refuse a change to something that the client has not seen.

    Args:
        if_match: The header, none where the client sent none and takes what comes.
        current: What a GET would show now.

    Raises:
        PreconditionFailed: No tag of the header is that of `current`.
    """
    if if_match is None or if_match.strip() == _ANY:
        return
    if etag_of(msgspec.json.encode(current)) not in _tags_in(if_match):
        raise PreconditionFailed("If-Match names another version")


def client_has(if_none_match: str | None, etag: str) -> bool:
    """Return whether a client has what a tag stands for, so that 304 is enough (RFC 9110, section 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == _ANY or etag in _tags_in(if_none_match)


def _tags_in(header_value: str) -> set[str]:
    # A compressing gateway marks our tags as weak. They stand for the same representation.
    return {tag.strip().removeprefix("W/") for tag in header_value.split(",")}
