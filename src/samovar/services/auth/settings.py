"""The settings of auth: section `auth`."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from samovar.kit.settings import Secret, ServiceSettings, SettingsError, variable_of
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

DAY_S = 86_400
SECRET_LENGTH_MIN = 32


class AuthSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    password_pepper: Annotated[
        Secret,
        Meta(
            description="At least 32 characters, kept outside the database: without it stolen password hashes are "
            "worthless. A lost pepper makes every password useless."
        ),
    ]
    token_secret: Annotated[
        Secret,
        Meta(
            description="At least 32 characters, kept outside the database: encrypts the signing keys and the secrets "
            "of authenticator apps, and makes refresh tokens and the hashes of recovery codes. A lost one signs everybody "
            "out and makes apps and codes useless."
        ),
    ]
    access_ttl_s: Annotated[int, Meta(ge=60, le=900, description="How long an access token lives.")] = 600
    session_idle_s: Annotated[
        int, Meta(ge=DAY_S, description="A session that is not refreshed for so long is over.")
    ] = 30 * DAY_S
    session_lifetime_s: Annotated[
        int, Meta(ge=DAY_S, description="The longest that one sign-in lasts, however often it is refreshed.")
    ] = 180 * DAY_S
    signing_key_ttl_s: Annotated[
        int, Meta(ge=2 * DAY_S, description="How long one key signs access tokens before the next one does.")
    ] = 30 * DAY_S
    password_length_min: Annotated[
        int, Meta(ge=8, le=64, description="The least characters of a new password.")
    ] = 8
    sign_ins_per_address_max: Annotated[
        int,
        Meta(ge=1, description="Attempts to sign in from one address in ten minutes, known devices aside."),
    ] = 100
    registrations_per_address_max: Annotated[
        int, Meta(ge=1, description="Registrations from one address in an hour.")
    ] = 50
    allow_private_callbacks: Annotated[
        bool,
        Meta(
            description="Tell clients of sign-outs on private addresses and over http, too: for development. `production` refuses it."
        ),
    ] = False
    device_request_ttl_s: Annotated[
        int,
        Meta(
            ge=60,
            le=600,
            description="How long a device waits for another one to let it in: short, because whoever relays a QR code needs time.",
        ),
    ] = 120
    device_requests_per_address_max: Annotated[
        int, Meta(ge=1, description="Devices that may ask to be let in from one address in ten minutes.")
    ] = 60
    leaked_passwords_file: Annotated[
        Path | None,
        Meta(description="An offline copy of leaked passwords, written by `samovar auth pack-leaked`."),
    ] = None
    hold_s: Annotated[
        int,
        Meta(
            ge=DAY_S,
            description="For so long nothing of value leaves an account after its owner said «это был не я».",
        ),
    ] = 7 * DAY_S
    phone_region: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}\Z",
            description="The country of phone numbers that are typed without a country code.",
        ),
    ] = "RU"
    hashing_threads: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Passwords hashed at once by one process, 46 MiB each; 0 takes half of the cores, at least one.",
        ),
    ] = 0
    hashing_queue_max: Annotated[
        int,
        Meta(
            ge=1, description="Passwords that may wait for hashing; above it people are asked to come back."
        ),
    ] = 32

    providers: Annotated[
        dict[ProviderName, ProviderClient],
        Meta(
            description="The outside services that sign people in, in the order of their buttons: "
            '`{"vk": {"client_id": "…"}}`. What each needs is in docs/providers.md.'
        ),
    ] = field(default_factory=dict)
    provider_timeout_s: Annotated[
        float, Meta(gt=0, le=6, description="How long one answer of an outside service may take.")
    ] = 5.0
    telegram_first_factor: Annotated[
        bool,
        Meta(
            description="Whether Telegram signs in and registers; otherwise it can only be linked to an account."
        ),
    ] = True
    sign_in_policy_file: Annotated[
        Path | None,
        Meta(
            description="A table in TOML of which method may be a first factor in which country, in place of ours "
            "(src/samovar/services/auth/providers/policy.toml)."
        ),
    ] = None

    def __post_init__(self) -> None:
        """Refuse secrets that could be guessed."""
        for name in ("password_pepper", "token_secret"):
            if len(getattr(self, name).reveal()) < SECRET_LENGTH_MIN:
                raise SettingsError(
                    f"{variable_of('auth', name)} has fewer than {SECRET_LENGTH_MIN} characters"
                )
