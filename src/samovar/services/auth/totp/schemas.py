"""The shapes of connecting an authenticator app, as they travel."""

from typing import Annotated

from msgspec import Meta

from samovar.services.auth.schemas import CODE_LENGTH_MAX, Confidential, Password


class TotpRequest(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Connect an authenticator app.

    Attributes:
        password: Needed from an account that has one and no second factor yet; the others prove themselves by step-up.
    """

    password: Password | None = None


class TotpSecret(Confidential, frozen=True, kw_only=True):
    """What the app is to know; shown this once.

    Attributes:
        secret: For typing, in base32.
        otpauth_uri: For opening in an app on the same device.
        qr_svg: The same as a picture for the camera: a data URI of an SVG.
        expires_in: How long there is time to confirm it by a code, in seconds.
    """

    secret: str
    otpauth_uri: str
    qr_svg: str
    expires_in: int


class TotpConfirmation(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first code that the app shows."""

    code: Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH_MAX)]
