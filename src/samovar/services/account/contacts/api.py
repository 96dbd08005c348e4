"""REST: proving one's mail address and phone."""

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, post
from samovar.services.account.contacts.errors import (
    CodeExpired,
    CodeWrong,
    ContactMissing,
    ContactTaken,
    ContactVerifiedBefore,
    MethodNotOffered,
    PhoneCountryNotServed,
    PhoneHasNotCalled,
    TooManyCodes,
)
from samovar.services.account.contacts.schemas import (
    CodeSent,
    Contact,
    EmailCode,
    EmailToVerify,
    PhoneCode,
    PhoneToVerify,
)
from samovar.services.account.contacts.use_cases import Confirmation, Verification
from samovar.services.account.errors import AccountNotReady

BODY_BYTES_MAX = 4_096
_SENDING = RateLimit(20, by="account")
_GUESSING = RateLimit(30, by="account")
# The phone gateway is asked whether somebody has called.
_TIMEOUT_MS = 12_000


@post(
    "/v1/accounts/me/email/verify",
    auth="player",
    status=202,
    rate_limit=_SENDING,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        *(InvalidInput, ContactMissing, ContactVerifiedBefore),
        *(StepUpRequired, TooManyCodes, AccountNotReady),
    ),
)
async def verify_email(
    data: EmailToVerify, caller: Caller, request: Request, verification: Verification
) -> CodeSent:
    """Send a code of six digits to a mail address.

    It works for ten minutes, for this account and address alone. Another can be asked for after a minute; it replaces the first.
    Whether somebody else has the address is not told here. For another address than the one that is known, sign in anew first.
    """
    language = language_of(request.headers.get("accept-language"))
    return await verification.verify_email(caller, data, address=address_of(request), language=language)


@post(
    "/v1/accounts/me/email/confirm",
    auth="player",
    status=200,
    rate_limit=_GUESSING,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, CodeWrong, CodeExpired, ContactTaken),
)
async def confirm_email(data: EmailCode, caller: Caller, confirmation: Confirmation) -> Contact:
    """Send the code back: the address is the account's own from now on, and nobody else's.

    Five wrong codes use it up. The address that was there before gets a mail.
    """
    return await confirmation.confirm(caller, "email", data.code)


@post(
    "/v1/accounts/me/phone/verify",
    auth="player",
    status=202,
    rate_limit=_SENDING,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        *(InvalidInput, MethodNotOffered, PhoneCountryNotServed),
        *(ContactMissing, ContactVerifiedBefore, StepUpRequired, TooManyCodes, AccountNotReady),
    ),
)
async def verify_phone(
    data: PhoneToVerify, caller: Caller, request: Request, verification: Verification
) -> CodeSent:
    """Send a code to a phone, or wait for its call.

    `sms` brings six digits; `flash_call` calls from a number whose last four digits are the code; with `reverse_call` the person
    calls `call_number` and confirms without a code. A number without a country code belongs to the operator's country. For another
    number than the one that is known, sign in anew first.
    """
    language = language_of(request.headers.get("accept-language"))
    return await verification.verify_phone(caller, data, address=address_of(request), language=language)


@post(
    "/v1/accounts/me/phone/confirm",
    auth="player",
    status=200,
    rate_limit=_GUESSING,
    timeout_ms=_TIMEOUT_MS,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, CodeWrong, CodeExpired, PhoneHasNotCalled, ContactTaken),
)
async def confirm_phone(data: PhoneCode, caller: Caller, confirmation: Confirmation) -> Contact:
    """Send the code back, or say that one has called: the phone is the account's own from now on, and nobody else's."""
    return await confirmation.confirm(caller, "phone", data.code)
