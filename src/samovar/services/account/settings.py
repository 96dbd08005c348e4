"""The settings of account: section `account`."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings, SettingsError, variable_of
from samovar.services.account.contacts.domain import PhoneMethod

DAY_S = 86_400
SECRET_LENGTH_MIN = 32


class AccountSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    arrival_timeout_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=3_000,
            description="How long a request of somebody who has just registered waits for the event that tells so.",
        ),
    ] = 2_000
    name_cooldown_days: Annotated[
        int,
        Meta(ge=0, le=365, description="How long a unique name must be worn before another one is taken."),
    ] = 30
    name_kept_days: Annotated[
        int,
        Meta(
            ge=0,
            le=3_650,
            description="How long a name that was given up is kept from others, so that nobody is taken for its owner.",
        ),
    ] = 90
    activity_kept_days: Annotated[
        int, Meta(ge=1, le=3_650, description="How long the activity history goes back.")
    ] = 180

    code_secret: Annotated[
        Secret,
        Meta(
            description="At least 32 characters, kept outside the database: without it the codes that prove contacts cannot "
            "be read from a copy. It also signs the links to exports. A new one makes what is ten minutes old useless, and nothing else."
        ),
    ]
    consent_texts: Annotated[
        Path | None,
        Meta(
            description="A folder with the operator's own wordings, `<purpose>/<version>.<ru or en>.md`, in place of those that are "
            "shipped. A published version is never changed: a new wording is a new version."
        ),
    ] = None
    erasure_grace_s: Annotated[
        int,
        Meta(
            ge=0,
            le=30 * DAY_S,
            description="How long an erasure waits, in which signing in calls it off. The law allows 30 days in all.",
        ),
    ] = 7 * DAY_S
    data_services: Annotated[
        tuple[str, ...],
        Meta(
            description="The services that are asked for personal data and to forget it; all that there are unless said. Only for an "
            "installation that has never run the others."
        ),
    ] = ()
    phone_region: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}\Z",
            description="The country of phone numbers that are typed without a country code.",
        ),
    ] = "RU"
    phone_methods: Annotated[
        tuple[PhoneMethod, ...],
        Meta(
            min_length=1,
            description="How phones are proved, in the order of trying: `sms`, `flash_call`, `reverse_call`.",
        ),
    ] = ("sms", "flash_call", "reverse_call")
    phone_countries: Annotated[
        tuple[str, ...],
        Meta(
            description="The countries, ISO 3166-1 alpha-2, to whose phones codes are sent; text messages abroad are dear and "
            "bait for fraud."
        ),
    ] = ("RU", "BY", "KZ", "AM", "KG", "UZ", "TJ", "AZ", "MD", "GE")
    reverse_call_number: Annotated[
        Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}\Z")] | None,
        Meta(
            description="The number of the phone gateway that people call, E.164; `reverse_call` is not offered without it.",
        ),
    ] = None
    codes_per_account_max: Annotated[
        int, Meta(ge=1, description="Codes that one account may have sent in a day.")
    ] = 10
    codes_per_network_max: Annotated[
        int, Meta(ge=1, description="Codes that may be asked for from one network address in an hour.")
    ] = 50
    codes_per_destination_max: Annotated[
        int, Meta(ge=1, description="Codes that are sent to one address or phone in a day.")
    ] = 6
    codes_per_phone_block_max: Annotated[
        int,
        Meta(ge=1, description="Codes to phones that differ in their last four digits alone, in an hour."),
    ] = 20
    phone_codes_max: Annotated[
        int, Meta(ge=1, description="Codes to all phones together in an hour: what fraud can cost at most.")
    ] = 2_000

    friends_per_account_max: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Friends of one account; counted for both when a request is accepted.",
        ),
    ] = 1_000
    friend_requests_pending_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Friend requests of one account that wait for an answer.")
    ] = 100
    friend_requests_per_day_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Friend requests that one account may send in a day.")
    ] = 50
    friend_request_ttl_s: Annotated[
        int, Meta(ge=DAY_S, description="A friend request that nobody answers for so long is closed.")
    ] = 90 * DAY_S
    friend_request_cooldown_s: Annotated[
        int,
        Meta(
            ge=0,
            le=365 * DAY_S,
            description="How long one who was declined waits before asking the same person again; "
            "it doubles with each further time, up to a year.",
        ),
    ] = 7 * DAY_S
    blocks_per_account_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Accounts that one account may block.")
    ] = 1_000
    family_size_max: Annotated[int, Meta(ge=2, le=20, description="Places of one family.")] = 6
    family_cooldown_s: Annotated[
        int,
        Meta(
            ge=0,
            description="How long a place of a family that was left stays taken, and an adult who left waits before "
            "joining another family.",
        ),
    ] = 365 * DAY_S
    family_invite_ttl_s: Annotated[
        int, Meta(ge=3_600, description="An invite to a family that nobody answers for so long is closed.")
    ] = 14 * DAY_S
    purchase_request_ttl_s: Annotated[
        int, Meta(ge=3_600, description="A child's request for a purchase waits so long for an answer.")
    ] = 7 * DAY_S
    purchase_requests_pending_max: Annotated[
        int, Meta(ge=1, le=1_000, description="Requests for purchases of one child that wait at once.")
    ] = 20

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed."""
        if len(self.code_secret.reveal()) < SECRET_LENGTH_MIN:
            raise SettingsError(
                f"{variable_of('account', 'code_secret')} has fewer than {SECRET_LENGTH_MIN} characters"
            )

    @property
    def methods_offered(self) -> tuple[PhoneMethod, ...]:
        """How phones may be proved here."""
        offered = tuple(
            method for method in self.phone_methods if method != "reverse_call" or self.reverse_call_number
        )
        return offered or ("sms",)
