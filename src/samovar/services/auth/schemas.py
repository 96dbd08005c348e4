"""The shapes that travel: the wire, the OpenAPI and the validation at once."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.identity import RoleGrant
from samovar.kit.routes import StepUp
from samovar.services.auth.contract.events import Consent
from samovar.services.auth.domain import LOGIN_LENGTH_MAX

BODY_BYTES_MAX = 16_384
# What a stolen access token must not do needs a proof of who one is from the last quarter of an hour.
FRESH = StepUp(max_age_s=900)
PASSWORD_LENGTH_MAX = 128
DISPLAY_NAME_LENGTH_MAX = 64
DEVICE_NAME_LENGTH_MAX = 64
CONSENTS_MAX = 20
TOKEN_LENGTH_MAX = 512
CODE_LENGTH_MAX = 64

_Login = Annotated[str, Meta(min_length=3, max_length=LOGIN_LENGTH_MAX)]
Password = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=PASSWORD_LENGTH_MAX,
        description="Any characters. A new one has at least 8 and is not among the common ones.",
    ),
]
DisplayName = Annotated[
    str, Meta(min_length=1, max_length=DISPLAY_NAME_LENGTH_MAX, description="What other players see.")
]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", max_length=2, description="ISO 3166-1 alpha-2.")]
Purpose = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z", max_length=64, description="What a consent is for.")
]
TextVersion = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9._-]+\Z", max_length=64, description="Which wording was shown.")
]
DeviceToken = Annotated[
    str,
    Meta(
        max_length=TOKEN_LENGTH_MAX,
        description="What an earlier sign-in on this device gave; strangers' failed attempts then do not slow it down.",
    ),
]


# Something to see, and no sign that ends the line or moves and hides its neighbours: others read these names in letters and lists.
_UNSEEN = r"\x00-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
ONE_LINE = rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*\Z"

DeviceName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=DEVICE_NAME_LENGTH_MAX,
        pattern=ONE_LINE,
        description="How the person would call the device; taken from `User-Agent` when absent.",
    ),
]
MfaToken = Annotated[
    str, Meta(max_length=TOKEN_LENGTH_MAX, description="From the answer to the first step of the sign-in.")
]


class Confidential(msgspec.Struct, frozen=True):
    """The root of what holds passwords or tokens: it does not show its fields, in no log and in no traceback."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class ConsentGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A consent with the wording that was shown."""

    purpose: Purpose
    text_version: TextVersion | None = None


class Registration(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new account. Exactly one of `email` and `phone` is given."""

    email: _Login | None = None
    phone: _Login | None = None
    password: Password
    display_name: DisplayName
    country: Country | None = None
    birth_date: date | None = None
    consents: Annotated[
        tuple[Purpose | ConsentGiven, ...],
        Meta(max_length=CONSENTS_MAX, description="Purposes that the person agreed to."),
    ] = ()
    device_name: DeviceName | None = None

    def consents_given(self) -> tuple[Consent, ...]:
        """Return the consents in one form."""
        return tuple(
            Consent(given)
            if isinstance(given, str)
            else Consent(given.purpose, text_version=given.text_version)
            for given in self.consents
        )


class Credentials(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login with its password."""

    login: Annotated[
        str,
        Meta(min_length=1, max_length=LOGIN_LENGTH_MAX, description="An e-mail address or a phone number."),
    ]
    password: Password
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class RefreshRequest(Confidential, frozen=True, forbid_unknown_fields=True):
    """A refresh token to exchange for the next pair."""

    refresh_token: Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX)]


class Tokens(Confidential, frozen=True, kw_only=True):
    """A pair of tokens.

    Attributes:
        access_token: Send it as `Authorization: Bearer …`.
        refresh_token: Exchange it once, before or after the other has run out.
        expires_in: How long the access token lives, in seconds.
    """

    access_token: str
    refresh_token: str
    expires_in: int


class SignedIn(Tokens, frozen=True, kw_only=True):
    """A session that has just begun.

    Attributes:
        device_token: Keep it on the device and send it with the next sign-in there.
    """

    account_id: UUID
    device_token: str


class CredentialDescriptor(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey by its id (WebAuthn, `PublicKeyCredentialDescriptorJSON`).

    Attributes:
        id: In base64url.
        transports: How the authenticator is reached: `internal`, `hybrid`, `usb`.
    """

    type: Literal["public-key"] = "public-key"
    id: str
    transports: tuple[str, ...] = ()


class PasskeyRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a passkey is to sign: `PublicKeyCredentialRequestOptionsJSON` of WebAuthn, with its names.

    A browser takes it as it is: `PublicKeyCredential.parseRequestOptionsFromJSON`.

    Attributes:
        challenge: In base64url; works once, for five minutes.
        timeout: In milliseconds.
        allow_credentials: The passkeys that may answer; empty: any that the browser knows for this site.
    """

    challenge: str
    rp_id: str
    timeout: int
    allow_credentials: tuple[CredentialDescriptor, ...] = ()
    user_verification: Literal["required"] = "required"


Base64Url = Annotated[str, Meta(max_length=BODY_BYTES_MAX, pattern=r"^[A-Za-z0-9_-]*\Z")]


class AssertionResponse(Confidential, frozen=True, kw_only=True):
    """The signed half of an assertion; each field in base64url."""

    client_data_json: Base64Url = msgspec.field(name="clientDataJSON")
    authenticator_data: Base64Url = msgspec.field(name="authenticatorData")
    signature: Base64Url
    user_handle: Base64Url | None = msgspec.field(name="userHandle", default=None)


class Assertion(Confidential, frozen=True, kw_only=True):
    """What `navigator.credentials.get` returned, as its `toJSON` writes it (WebAuthn, `AuthenticationResponseJSON`).

    What else it holds is passed over.
    """

    id: Base64Url
    raw_id: Base64Url = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AssertionResponse


class MfaRequired(Confidential, frozen=True, kw_only=True):
    """The first step was right; the second factor is asked for.

    Attributes:
        passkey_options: What a passkey is to sign for this sign-in; null when the account has none.
        mfa_token: Send it with the second factor to `POST /v1/auth/mfa`.
        methods: What the account has: `totp`, `recovery`, `passkey`.
        expires_in: How long there is time for it, in seconds.
    """

    mfa_required: Literal[True] = True
    mfa_token: str
    methods: tuple[str, ...]
    expires_in: int
    passkey_options: PasskeyRequest | None = None


class FactorAnswer(Confidential, frozen=True, kw_only=True):
    """A second factor, as a person gives it.

    Attributes:
        code: For `totp` and `recovery`.
        credential: For `passkey`: what it signed.
    """

    method: str
    code: Annotated[str, Meta(max_length=CODE_LENGTH_MAX)] | None = None
    credential: Assertion | None = None


class MfaAnswer(FactorAnswer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second step of a sign-in."""

    mfa_token: MfaToken
    method: Literal["totp", "recovery", "passkey"]
    trust_device: bool = False
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None


class WaitingSignIn(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which sign-in waits."""

    mfa_token: MfaToken


class RecoveryCodes(Confidential, frozen=True, kw_only=True):
    """Recovery codes, shown this once.

    Attributes:
        recovery_codes: Each works once; null: the account has its codes already.
    """

    recovery_codes: tuple[str, ...] | None


class StepUpAnswer(FactorAnswer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more proof of who the caller is."""

    method: Literal["password", "totp", "recovery", "passkey"]
    password: Password | None = None


class AccessToken(Confidential, frozen=True, kw_only=True):
    """An access token alone; the refresh token stays what it is.

    Attributes:
        expires_in: How long it lives, in seconds.
    """

    access_token: str
    expires_in: int


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who the caller is and what they may do.

    Attributes:
        grants: Where the role `developer` holds; as many as a token has room for.
    """

    account_id: UUID
    roles: tuple[str, ...]
    grants: tuple[RoleGrant, ...]
    permissions: tuple[str, ...]
    amr: tuple[str, ...]
    acr: str


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """One public key (RFC 7517)."""

    kid: str
    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    x: str
    y: str
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"


class PublicKeys(msgspec.Struct, frozen=True):
    """The keys that sign or have lately signed access tokens, and the next one."""

    keys: tuple[PublicKey, ...]
