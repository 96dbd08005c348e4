"""The rules of signing in, as pure functions: logins, sessions, refresh tokens, the life of signing keys."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.messages.addresses import ADDRESS_LENGTH_MAX, NoAddress, normal_email, normal_phone
from samovar.kit.text.countries import COUNTRIES
from samovar.kit.text.visible import is_visible_line

LOGIN_LENGTH_MAX = ADDRESS_LENGTH_MAX

# Nobody alive was born before.
BORN_MIN = date(1900, 1, 1)

# The role that everybody has and nobody gives.
PLAYER = "player"

# Parallel refreshes of one client (tabs, retries) come within seconds; all get the same answer.
REFRESH_GRACE = timedelta(seconds=10)
SESSIONS_PER_ACCOUNT_MAX = 100

# A device that the person trusts is not asked for the second factor for so long (`device` in the challenge says when not).
DEVICE_TRUSTED_FOR = timedelta(days=30)
DEVICE_KEPT_FOR = timedelta(days=365)

# The kinds of second factors.
PASSKEY, TOTP, RECOVERY = "passkey", "totp", "recovery"
RECOVERY_CODES_COUNT = 10
# With so few left the person is told to make a new set.
RECOVERY_CODES_FEW = 3

# What was removed is kept a little longer than a letter that tells of it can be answered.
FORMER_FACTORS_KEPT_FOR = timedelta(days=15)

# How sure a proof is (NIST SP 800-63B): one factor, two factors.
AAL1, AAL2 = "aal1", "aal2"

# The next key is published this long before it signs, so that every verifier has it in time.
KEY_PUBLISHED_AHEAD = timedelta(hours=24)
# A key that no longer signs stays published for the tokens it signed, and a while for clocks and caches.
KEY_KEPT_AFTER = timedelta(hours=1)


# From the most to the least telling: Edge calls itself Chrome as well, and everybody calls themselves Mozilla.
_PROGRAMS = (
    ("Samovar", "Samovar"),
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class InvalidLogin(ValueError):
    """The text is neither an e-mail address nor a phone number."""


class Login(msgspec.Struct, frozen=True):
    """What a person types to say who they are, in the one form in which it is kept and compared."""

    kind: Literal["email", "phone"]
    value: str


def email_login(text: str) -> Login:
    """Normalise an e-mail address: lower case, the domain in its ASCII form.

    Raises:
        InvalidLogin: It is not an address.
    """
    try:
        return Login("email", normal_email(text))
    except NoAddress:
        raise InvalidLogin(text) from None


def phone_login(text: str, region: str) -> Login:
    """Normalise a phone number to E.164; one without a country code belongs to `region`.

    Raises:
        InvalidLogin: No such number can exist.
    """
    try:
        return Login("phone", normal_phone(text, region))
    except NoAddress:
        raise InvalidLogin(text) from None


def login_of(text: str, region: str) -> Login:
    """Normalise what was typed into the one field of the sign-in form.

    Raises:
        InvalidLogin: It is neither an address nor a number.
    """
    return email_login(text) if "@" in text else phone_login(text, region)


def device_name(user_agent: str) -> str:
    """Return what a person would call the device of a `User-Agent`: `Chrome, Windows`; empty when it says nothing."""
    found = (
        next((name for sign, name in signs if sign in user_agent), None) for signs in (_PROGRAMS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def faults_of_a_person(
    display_name: str, birth_date: date | None, country: str | None, today: date
) -> list[FieldError]:
    """Return what is wrong with what a person says of themselves when they register.

    Args:
        display_name: Without blanks at its ends.
        birth_date: None when it was not told.
        country: ISO 3166-1 alpha-2; none when it was not told.
        today: The date in UTC.
    """
    faults = []
    if not is_visible_line(display_name):
        faults.append(FieldError("display_name", "unprintable", "nothing to see in it"))
    if birth_date and not BORN_MIN <= birth_date <= today:
        faults.append(FieldError("birth_date", "born_in_future", "nobody alive was born then"))
    if country is not None and country not in COUNTRIES:
        faults.append(FieldError("country", "country_unknown", f"there is no country {country}"))
    return faults


class Proof(msgspec.Struct, frozen=True):
    """What showed who a person is.

    Attributes:
        amr: By which means (RFC 8176): `pwd`, `otp`.
        acr: How sure that is: `aal1`, `aal2`.
        proved_at: When the surest of these proofs was given. On a trusted device that was longer ago than the password.
    """

    amr: tuple[str, ...]
    acr: str
    proved_at: datetime

    def and_by(self, amr: tuple[str, ...], now: datetime) -> "Proof":
        """Return this proof with a second factor added to it at `now`."""
        return Proof(tuple(dict.fromkeys((*self.amr, *amr, "mfa"))), AAL2, now)


def second_factors_of(*, passkeys: int, has_totp: bool, recovery_codes_left: int) -> tuple[str, ...]:
    """Return the second factors of an account in the order in which they are offered.

    Recovery codes stand in for another factor and are none by themselves.
    """
    kinds = ((PASSKEY, passkeys > 0), (TOTP, has_totp))
    real = tuple(kind for kind, is_there in kinds if is_there)
    return (*real, RECOVERY) if real and recovery_codes_left else real


class Refresh(Enum):
    """What to do with a genuine refresh token."""

    ROTATE = "give the next pair"
    REPEAT = "give the same pair once more"
    END_SESSION = "it was used before: end the session"
    REFUSE = "the session is over"


class SessionState(msgspec.Struct, frozen=True):
    """What decides over a refresh."""

    generation: int
    rotated_at: datetime
    expires_at: datetime
    ended_at: datetime | None


def decide_refresh(session: SessionState, generation: int, now: datetime) -> Refresh:
    """Return what a genuine token of `generation` gets.

    Only the present generation rotates. The one before it repeats the last answer for `REFRESH_GRACE`, because parallel
    requests of one client are no theft. Any older use is one (RFC 9700, section 4.14.2).
    """
    if session.ended_at is not None or session.expires_at <= now or generation > session.generation:
        return Refresh.REFUSE
    if generation == session.generation:
        return Refresh.ROTATE
    if generation == session.generation - 1 and now - session.rotated_at <= REFRESH_GRACE:
        return Refresh.REPEAT
    return Refresh.END_SESSION


def expiry_of(*, started_at: datetime, now: datetime, idle: timedelta, lifetime_max: timedelta) -> datetime:
    """Return when a session used at `now` ends if it is not used again."""
    return min(now + idle, started_at + lifetime_max)


def tokens_cut_off(now: datetime, previous: datetime | None) -> datetime:
    """Return the moment before which no access token of an account counts, when its rights change at `now`.

    Tokens carry whole seconds. So it is the second after the last one that a token so far can carry.
    """
    last = max(int(now.timestamp()), int(previous.timestamp()) if previous else 0)
    return datetime.fromtimestamp(last + 1, UTC)


def issue_time(now: datetime, not_before: datetime | None) -> int:
    """Return the second that a new token carries as its time of issue: the present one, or the one that counts first."""
    return max(int(now.timestamp()), int(not_before.timestamp()) if not_before else 0)


def first_id_at(moment: datetime) -> UUID:
    """Return the least UUIDv7 that can have been made at `moment`, for deleting old rows by their key."""
    return UUID(int=int(moment.astimezone(UTC).timestamp() * 1000) << 80)


class KeyDates(msgspec.Struct, frozen=True):
    """A signing key's name and the moment from which it signs."""

    kid: str
    signs_from: datetime


class KeyChange(msgspec.Struct, frozen=True):
    """What is due.

    Attributes:
        create_from: Make a key that signs from then on.
        withdraw: These keys are needed no more.
    """

    create_from: datetime | None = None
    withdraw: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.create_from is not None or bool(self.withdraw)


def due_key_change(keys: Sequence[KeyDates], now: datetime, *, signs_for: timedelta) -> KeyChange:
    """Return what must happen to the signing keys, so that there is always one that signs and the next one is known early.

    Args:
        keys: All keys, in the order in which they sign.
        now: The present moment.
        signs_for: How long one key signs.
    """
    withdraw = tuple(
        key.kid for key, successor in itertools.pairwise(keys) if successor.signs_from + KEY_KEPT_AFTER <= now
    )
    if not keys:
        return KeyChange(create_from=now)
    newest = keys[-1].signs_from
    if newest <= now and newest + signs_for - KEY_PUBLISHED_AHEAD <= now:
        return KeyChange(max(newest + signs_for, now + KEY_PUBLISHED_AHEAD), withdraw)
    return KeyChange(withdraw=withdraw)
