"""The shapes of consents that travel."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.i18n import Language
from samovar.services.account.consents.domain import Purpose

VERSION_LENGTH_MAX = 64


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person stands on one purpose.

    Attributes:
        required: There is no account without it.
        given: A yes is in force.
        text_version: The wording of that yes; null where none was told.
        current_version: The wording of today.
        changed_at: When the person last said yes or no; null when they never did.
    """

    purpose: Purpose
    required: bool
    given: bool
    text_version: str | None
    current_version: str
    changed_at: datetime | None


class Consents(msgspec.Struct, frozen=True):
    """Where a person stands on all purposes; there are only a few, so this is no page."""

    items: tuple[Consent, ...]


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yes or a no.

    Attributes:
        text_version: The wording that was shown with a yes; the one of today unless said.
    """

    given: bool
    text_version: Annotated[str, Meta(max_length=VERSION_LENGTH_MAX)] | None = None


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """What people are asked to agree to.

    Attributes:
        text: Markdown.
        hash: SHA-256 over the texts of all languages, in hexadecimal: what the ledger keeps.
    """

    purpose: Purpose
    required: bool
    version: str
    language: Language
    text: str
    hash: str
