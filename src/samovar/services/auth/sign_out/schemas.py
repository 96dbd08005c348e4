"""The shapes of signing out."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.i18n import Language
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of the sign-out page carries.

    Attributes:
        session_id: The session that the person saw; another one is not ended.
        back_to: Where to go then, checked.
    """

    session_id: UUID
    back_to: str | None
    language: Language | None


class AskToLeave(msgspec.Struct, frozen=True, kw_only=True):
    """The person must be asked."""

    leaving: Leaving
    client: str | None
    person: str


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody is signed in any more."""

    back_to: str | None
    language: Language | None


class LeavingForm(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to the sign-out page; without `form` it is a client's request by POST."""

    form: Annotated[str, Meta(max_length=FORM_LENGTH_MAX)] = ""
    decision: Annotated[str, Meta(max_length=16)] = ""
    id_token_hint: str = ""
    client_id: str = ""
    post_logout_redirect_uri: str = ""
    state: str = ""
    ui_locales: str = ""
