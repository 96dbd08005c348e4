"""Data that a messenger signs for a mini app or a widget: no request to anybody, so it works while the messenger is slow.

Sources: core.telegram.org/bots/webapps («Validating data received via the Mini App», «… for Third-Party Use»),
core.telegram.org/widgets/login («Checking authorization»), dev.max.ru/docs/webapps («Валидация данных»).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from samovar.services.auth.providers.domain import (
    CLOCK_SKEW,
    SIGNED_DATA_AGE_MAX,
    Identity,
    is_subject,
)
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, SignedDataStale
from samovar.services.auth.providers.settings import ProviderName

DATA_LENGTH_MAX = 4_096
FIELDS_MAX = 32
# Telegram's keys for mini apps, production first, then its test servers.
TELEGRAM_KEYS = (
    "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d",
    "40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec",
)
_MILLISECONDS_FROM = 10**12
_WHOLE = re.compile(r"[0-9]{1,15}")


class _User(msgspec.Struct, frozen=True):
    id: int
    first_name: str = ""
    last_name: str | None = None
    photo_url: str | None = None


def fields_of(init_data: str) -> dict[str, str]:
    """Take initData apart.

    Raises:
        ProviderAnswerInvalid: It is no query string, or says a thing twice.
    """
    if not 0 < len(init_data) <= DATA_LENGTH_MAX:
        raise ProviderAnswerInvalid(f"nothing, or more than {DATA_LENGTH_MAX} characters")
    try:
        pairs = parse_qsl(
            init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise ProviderAnswerInvalid("not a query string") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ProviderAnswerInvalid("a field twice")
    return fields


def check_mini_app_hash(fields: Mapping[str, str], bot_token: str) -> None:
    """Check `hash` of a mini app's data: HMAC-SHA256 under a key that is made of the bot's token.

    Raises:
        ProviderAnswerInvalid: The bot's messenger has not signed this.
    """
    key = hmac.digest(b"WebAppData", bot_token.encode(), hashlib.sha256)
    _check_hash(fields, key)


def check_widget_hash(fields: Mapping[str, str], bot_token: str) -> None:
    """Check `hash` of Telegram's old widget; the key is another one, so neither passes for the other.

    Raises:
        ProviderAnswerInvalid: Telegram has not signed this.
    """
    _check_hash(fields, hashlib.sha256(bot_token.encode()).digest())


def check_signature(fields: Mapping[str, str], bot_id: str, public_keys: Sequence[str]) -> None:
    """Check `signature` of a mini app's data, for whom the bot's token is not given: Ed25519 under one of the keys.

    Raises:
        ProviderAnswerInvalid: Nobody with such a key has signed this for this bot.
    """
    message = f"{bot_id}:WebAppData\n{_lines(fields, but=('hash', 'signature'))}".encode()
    text = fields.get("signature", "")
    try:
        signature = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise ProviderAnswerInvalid("no signature") from None
    for key in public_keys:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
        except InvalidSignature:
            continue
        return
    raise ProviderAnswerInvalid("a wrong signature")


def mini_app_identity(provider: ProviderName, fields: Mapping[str, str], now: datetime) -> Identity:
    """Return whom a mini app's data, once checked, speaks of.

    Raises:
        ProviderAnswerInvalid: It names nobody.
        SignedDataStale: It is older than five minutes.
    """
    try:
        user = msgspec.json.decode(fields.get("user", ""), type=_User)
    except (msgspec.DecodeError, RecursionError):
        raise ProviderAnswerInvalid("names no user") from None
    return _identity(provider, user, fields, now)


def widget_identity(provider: ProviderName, fields: Mapping[str, str], now: datetime) -> Identity:
    """Return whom the widget's data, once checked, speaks of; errors as in `mini_app_identity`."""
    try:
        user = msgspec.convert(dict[str, Any](fields), _User, strict=False)
    except msgspec.ValidationError:
        raise ProviderAnswerInvalid("names no user") from None
    return _identity(provider, user, fields, now)


def _identity(provider: ProviderName, user: _User, fields: Mapping[str, str], now: datetime) -> Identity:
    signed_at = _signed_at(fields)
    if signed_at > now + CLOCK_SKEW or now - signed_at > SIGNED_DATA_AGE_MAX:
        raise SignedDataStale("signed too long ago, or in the future")
    subject = str(user.id)
    if user.id <= 0 or not is_subject(subject):
        raise ProviderAnswerInvalid("names no user")
    return Identity(
        provider=provider,
        subject=subject,
        name=" ".join(part for part in (user.first_name, user.last_name) if part) or None,
        avatar_url=user.photo_url,
        # Over what was signed, not over its spelling: percent signs can be written in many ways.
        seen=hashlib.sha256(f"{provider}\n{_lines(fields, but=('hash', 'signature'))}".encode()).digest(),
        seen_until=signed_at + SIGNED_DATA_AGE_MAX + 2 * CLOCK_SKEW,
    )


def _signed_at(fields: Mapping[str, str]) -> datetime:
    """Return `auth_date`: whole seconds at Telegram, milliseconds in MAX."""
    text = fields.get("auth_date", "")
    if not _WHOLE.fullmatch(text):
        raise ProviderAnswerInvalid("no auth_date")
    number = int(text)
    try:
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    except (ValueError, OverflowError, OSError):
        raise ProviderAnswerInvalid("no auth_date") from None


def _check_hash(fields: Mapping[str, str], key: bytes) -> None:
    expected = hmac.digest(key, _lines(fields, but=("hash",)).encode(), hashlib.sha256).hex()
    if not hmac.compare_digest(expected.encode(), fields.get("hash", "").encode()):
        raise ProviderAnswerInvalid("a wrong hash")


def _lines(fields: Mapping[str, str], *, but: tuple[str, ...]) -> str:
    if any("\n" in text for pair in fields.items() for text in pair):
        raise ProviderAnswerInvalid("a line that could pass for two fields")
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in but)
