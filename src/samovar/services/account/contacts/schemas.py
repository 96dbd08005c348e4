"""The shapes of contacts that travel."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.services.account.contacts.domain import Kind, Method, PhoneMethod

ADDRESS_LENGTH_MAX = 254
PHONE_LENGTH_MAX = 32

_Code = Annotated[
    str, Meta(pattern=r"^[0-9 -]{4,12}\Z", max_length=12, description="As the person typed it.")
]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as its owner sees it.

    Attributes:
        value: A mail address, or a phone number in E.164.
        verified: The person has shown that it is theirs.
    """

    kind: Kind
    value: str
    verified: bool
    verified_at: datetime | None


class EmailToVerify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The address to send a code to; the one that is known already unless given."""

    email: Annotated[str, Meta(min_length=3, max_length=ADDRESS_LENGTH_MAX)] | None = None

    def __repr__(self) -> str:
        return "EmailToVerify(…)"


class PhoneToVerify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The phone to send a code to; the one that is known already unless given.

    Attributes:
        method: How; unless said, the first of the operator's order, and with each further code the next.
    """

    phone: Annotated[str, Meta(min_length=3, max_length=PHONE_LENGTH_MAX)] | None = None
    method: PhoneMethod | None = None

    def __repr__(self) -> str:
        return "PhoneToVerify(…)"


class CodeSent(msgspec.Struct, frozen=True, kw_only=True):
    """A code is on its way. The answer is the same whether or not somebody else has the address.

    Attributes:
        sent_to: The address, most of it hidden.
        code_length: How many digits the person will type; 0 where they call.
        call_number: Where they call, for `reverse_call`.
        resend_after_s: How long until another code may be asked for.
        methods: How further codes may be sent.
    """

    kind: Kind
    sent_to: str
    method: Method
    code_length: int
    call_number: str | None
    expires_at: datetime
    resend_after_s: int
    methods: tuple[Method, ...]


class EmailCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code from the mail."""

    code: _Code

    def __repr__(self) -> str:
        return "EmailCode(…)"


class PhoneCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code from the text message or the call; none after a `reverse_call`."""

    code: _Code | None = None

    def __repr__(self) -> str:
        return "PhoneCode(…)"
