"""The shapes of outside sign-in as they travel."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.auth.providers.settings import ProviderName
from samovar.services.auth.schemas import (
    CONSENTS_MAX,
    TOKEN_LENGTH_MAX,
    Confidential,
    ConsentGiven,
    Country,
    DeviceName,
    DeviceToken,
    DisplayName,
    MfaRequired,
    Purpose,
    SignedIn,
)

INIT_DATA_LENGTH_MAX = 4_096
WIDGET_FIELDS_MAX = 32
ANSWER_LENGTH_MAX = 2_048

InitData = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=INIT_DATA_LENGTH_MAX,
        description="`WebApp.initData`, exactly as the messenger gave it.",
    ),
]
Widget = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=1_024)] | int],
    Meta(
        max_length=WIDGET_FIELDS_MAX,
        description="All fields that Telegram's old widget gave, `hash` included.",
    ),
]
ProviderPath = Annotated[
    str, Meta(max_length=32, description="`vk`, `yandex`, `tid`, `sber`, `telegram`, `max`.")
]
OneTimeCode = Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX, description="A one-time code.")]
CodeChallenge = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{43}\Z",
        description="S256 of the client's own verifier (RFC 7636); asks for it with the code. Needed for a loopback address.",
    ),
]
CodeVerifier = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9._~-]{43,128}\Z", description="See `code_challenge`.")
]
ReturnTo = Annotated[
    str,
    Meta(
        max_length=512,
        description="A path of this origin, or `http://127.0.0.1:port/…` of a program on the machine (RFC 8252).",
    ),
]


class ProviderOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A provider that can be used here.

    Attributes:
        title: What to write on the button.
        kind: `oidc` and `oauth2` have a page, `start_url`; what `signed_data` gives is sent to us by their mini app.
        first_factor: It signs in and registers; otherwise it can only be linked to an account.
        start_url: Where to send a browser; none where the provider has no page.
    """

    name: ProviderName
    title: str
    kind: Literal["oidc", "oauth2", "signed_data"]
    first_factor: bool
    start_url: str | None


class SignedDataGiven(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Telegram has signed: one of the two."""

    init_data: InitData | None = None
    widget: Widget | None = None
    country: Country | None = None
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class InitDataGiven(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What MAX has signed."""

    init_data: InitData
    country: Country | None = None
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class CodeGiven(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one-time code with which the browser came back."""

    code: OneTimeCode
    code_verifier: CodeVerifier | None = None
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class ProviderRegistration(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new account for somebody whom a provider has proved.

    Attributes:
        token: From the answer that asked for this.
        display_name: Without it the name that the provider gave.
    """

    token: OneTimeCode
    display_name: DisplayName | None = None
    consents: Annotated[
        tuple[Purpose | ConsentGiven, ...],
        Meta(min_length=1, max_length=CONSENTS_MAX, description="Purposes that the person agreed to."),
    ]
    country: Country | None = None
    birth_date: date | None = None
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class RegistrationRequired(Confidential, frozen=True, kw_only=True):
    """Nobody here is this person yet. Ask for consents and a name, then `POST /v1/auth/providers/register`.

    Attributes:
        registration_token: Works once.
        display_name: What the provider calls the person.
        login: The e-mail address or phone number that the provider has verified; they will sign in with it, too.
        expires_in: How long there is time for it, in seconds.
    """

    registration_required: Literal[True] = True
    registration_token: str
    provider: ProviderName
    display_name: str | None
    login: str | None
    expires_in: int


class CodeIssued(Confidential, frozen=True, kw_only=True):
    """The provider has proved somebody; finish with `POST /v1/auth/providers/exchange`.

    Attributes:
        expires_in: How long the code lives, in seconds.
    """

    code: str
    expires_in: int


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """The person at the provider and the account are tied.

    Attributes:
        name: What the person is called there.
    """

    linked: Literal[True] = True
    provider: ProviderName
    name: str | None


class LinkSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the caller's account."""

    provider: ProviderName
    title: str
    name: str | None
    linked_at: datetime
    last_used_at: datetime


class LinkAsked(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to link: by a page of the provider, or at once by what its messenger has signed."""

    return_to: ReturnTo | None = None
    code_challenge: CodeChallenge | None = None
    country: Country | None = None
    init_data: InitData | None = None
    widget: Widget | None = None


class LinkStarted(Confidential, frozen=True, kw_only=True):
    """Open `start_url` in the person's browser; it works once.

    Attributes:
        expires_in: How long it works, in seconds.
    """

    start_url: str
    expires_in: int


SignInOutcome = SignedIn | MfaRequired | RegistrationRequired
ExchangeOutcome = SignInOutcome | Linked
CallbackOutcome = SignInOutcome | CodeIssued


def signed_params(init_data: str | None, widget: dict[str, str | int] | None) -> dict[str, str] | None:
    """Return signed data as adapters take it; none unless exactly one of the two is given."""
    if (init_data is None) == (widget is None):
        return None
    if init_data is not None:
        return {"init_data": init_data}
    # A field of this name would turn one kind into the other.
    return {name: str(value) for name, value in (widget or {}).items() if name != "init_data"}


def one_of(params: dict[str, str] | None) -> dict[str, str]:
    """Return signed data that must be there.

    Raises:
        InvalidInput: None or two kinds of it were given.
    """
    if params is None:
        detail = "exactly one of init_data and widget is needed"
        raise InvalidInput(fields=[FieldError("init_data", "one_of_two", detail)])
    return params
