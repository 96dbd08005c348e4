"""What an authenticator signed, held against what it was asked (WebAuthn, sections 7.1 and 7.2).

The library that reads CBOR and checks the signatures is loaded when the first passkey comes: a process that meets none does without it.
"""

import base64
import binascii
from uuid import UUID

import msgspec

from samovar.services.auth.passkeys.domain import ALGORITHMS
from samovar.services.auth.passkeys.repository import StoredPasskey
from samovar.services.auth.passkeys.schemas import Attestation
from samovar.services.auth.schemas import Assertion

FAULT_LENGTH_MAX = 200


class Refused(Exception):
    """It is not what was asked for; the message says why, for the audit alone."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID
    is_backup_eligible: bool
    is_backed_up: bool


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that is right."""

    sign_count: int
    is_backup_eligible: bool
    is_backed_up: bool


class _ClientData(msgspec.Struct, frozen=True):
    challenge: str
    cross_origin: bool | None = msgspec.field(name="crossOrigin", default=None)


def bytes_of(text: str) -> bytes:
    """Read base64url without its padding.

    Raises:
        Refused: It is something else.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("not base64url") from None


def challenge_in(client_data_json: str) -> bytes:
    """Return the challenge that the browser says was signed.

    Raises:
        Refused: There is none, or a page of another site asked for the signature.
    """
    try:
        data = msgspec.json.decode(bytes_of(client_data_json), type=_ClientData)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("clientDataJSON cannot be read") from None
    if data.cross_origin:
        raise Refused("asked from inside another site")
    return bytes_of(data.challenge)


def verify_signature(
    assertion: Assertion, passkey: StoredPasskey, *, challenge: bytes, rp_id: str, origin: str
) -> Signed:
    """Check a signature. The counter is compared by the caller, who knows what it means.

    Raises:
        Refused: It is not a signature of this passkey's verified holder over this challenge, on this site.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415  See the module.
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticationCredential,
        AuthenticatorAssertionResponse,
        CredentialDeviceType,
    )

    response = assertion.response
    credential = AuthenticationCredential(
        id=assertion.id,
        raw_id=bytes_of(assertion.raw_id),
        response=AuthenticatorAssertionResponse(
            client_data_json=bytes_of(response.client_data_json),
            authenticator_data=bytes_of(response.authenticator_data),
            signature=bytes_of(response.signature),
        ),
    )

    try:
        seen = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise Refused(str(error)[:FAULT_LENGTH_MAX]) from error
    return Signed(
        sign_count=seen.new_sign_count,
        is_backup_eligible=seen.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=seen.credential_backed_up,
    )


def verify_new(attestation: Attestation, *, challenge: bytes, rp_id: str, origin: str) -> Made:
    """Check a new passkey.

    Raises:
        Refused: It was not made for this challenge on this site, its holder was not verified, or we do not take its signatures.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415  See the module.
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticatorAttestationResponse,
        CredentialDeviceType,
        RegistrationCredential,
    )

    response = attestation.response
    credential = RegistrationCredential(
        id=attestation.id,
        raw_id=bytes_of(attestation.raw_id),
        response=AuthenticatorAttestationResponse(
            client_data_json=bytes_of(response.client_data_json),
            attestation_object=bytes_of(response.attestation_object),
        ),
    )
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in ALGORITHMS],
        )
    except Exception as error:
        raise Refused(str(error)[:FAULT_LENGTH_MAX]) from error
    if made.credential_id != credential.raw_id:
        raise Refused("the authenticator and the browser name different passkeys")
    return Made(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        aaguid=UUID(made.aaguid),
        is_backup_eligible=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=made.credential_backed_up,
    )
