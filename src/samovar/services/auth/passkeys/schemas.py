"""The shapes of passkeys as they travel. What browsers read and write keeps the names of WebAuthn."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.auth.schemas import (
    DEVICE_NAME_LENGTH_MAX,
    ONE_LINE,
    Assertion,
    Base64Url,
    Confidential,
    CredentialDescriptor,
    DeviceName,
    DeviceToken,
)

TRANSPORTS_MAX = 16
TRANSPORT_LENGTH_MAX = 32

PasskeyName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=DEVICE_NAME_LENGTH_MAX,
        pattern=ONE_LINE,
        description="How the person tells this passkey from the others.",
    ),
]


class RelyingParty(msgspec.Struct, frozen=True, kw_only=True):
    """The site that a passkey is for."""

    id: str
    name: str


class PasskeyUser(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whose passkey it will be, as the authenticator shows it.

    Attributes:
        id: A random handle in base64url, not the account's id.
    """

    id: str
    name: str
    display_name: str


class Algorithm(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of signature that we take, by its COSE number."""

    type: Literal["public-key"] = "public-key"
    alg: int


class AuthenticatorSelection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the authenticator must be able to do: keep the passkey itself, and verify its holder."""

    resident_key: Literal["required"] = "required"
    require_resident_key: Literal[True] = True
    user_verification: Literal["required"] = "required"


class PasskeyCreation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How to make a passkey: `PublicKeyCredentialCreationOptionsJSON` of WebAuthn, with its names.

    A browser takes it as it is: `PublicKeyCredential.parseCreationOptionsFromJSON`.

    Attributes:
        challenge: In base64url; works once, for five minutes, in this session.
        timeout: In milliseconds.
        exclude_credentials: The passkeys that the account has.
    """

    rp: RelyingParty
    user: PasskeyUser
    challenge: str
    pub_key_cred_params: tuple[Algorithm, ...]
    timeout: int
    exclude_credentials: tuple[CredentialDescriptor, ...]
    authenticator_selection: AuthenticatorSelection = AuthenticatorSelection()
    attestation: Literal["none"] = "none"


class AttestationResponse(Confidential, frozen=True, kw_only=True):
    """The new public key with what was signed; each field in base64url."""

    client_data_json: Base64Url = msgspec.field(name="clientDataJSON")
    attestation_object: Base64Url = msgspec.field(name="attestationObject")
    transports: Annotated[
        tuple[Annotated[str, Meta(max_length=TRANSPORT_LENGTH_MAX)], ...], Meta(max_length=TRANSPORTS_MAX)
    ] = ()


class Attestation(Confidential, frozen=True, kw_only=True):
    """What `navigator.credentials.create` returned, as its `toJSON` writes it (WebAuthn, `RegistrationResponseJSON`).

    What else it holds is passed over.
    """

    id: Base64Url
    raw_id: Base64Url = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AttestationResponse


class PasskeyRegistration(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey that was made, and how to call it."""

    credential: Attestation
    name: PasskeyName


class PasskeyChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a passkey."""

    name: PasskeyName


class PasskeySeen(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of the caller.

    Attributes:
        is_synced: It is also on other devices of its owner.
    """

    id: UUID
    name: str
    is_synced: bool
    created_at: datetime
    last_used_at: datetime | None


class PasskeyAdded(Confidential, frozen=True, kw_only=True):
    """The passkey that was registered.

    Attributes:
        recovery_codes: With the account's first second factor; shown this once.
    """

    passkey: PasskeySeen
    recovery_codes: tuple[str, ...] | None


class PasskeySignIn(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign-in by a passkey alone."""

    credential: Assertion
    device_token: DeviceToken | None = None
    device_name: DeviceName | None = None
