"""What the forms of the sign-in pages carry and send."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.i18n import Language
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX
from samovar.services.auth.schemas import CODE_LENGTH_MAX, PASSWORD_LENGTH_MAX, TOKEN_LENGTH_MAX, Confidential

CREDENTIAL_LENGTH_MAX = 8_192
_Form = Annotated[str, Meta(max_length=FORM_LENGTH_MAX)]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody signs in on a page, and where they go from there.

    Attributes:
        to: A path of ours, with its query; sealed, so that nobody can put another one in.
        leads_to: Where the browser may end up then; see `Pages.render`.
        client: The program that they sign in for; none when it is for a page of ours.
        language: Instead of the browser's.
        must_prove: The second factor is asked for on trusted devices, too.
    """

    to: str
    leads_to: tuple[str, ...] = ()
    client: str | None = None
    language: Language | None = None
    must_prove: bool = False


class FactorAwaited(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of the second step carries."""

    errand: Errand
    mfa_token: Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX)]
    methods: tuple[str, ...]


class SignInForm(Confidential, frozen=True, kw_only=True):
    """A login with its password, from the page."""

    form: _Form = ""
    login: Annotated[str, Meta(max_length=1_000)] = ""
    password: Annotated[str, Meta(max_length=PASSWORD_LENGTH_MAX)] = ""


class PasskeyForm(Confidential, frozen=True, kw_only=True):
    """What a passkey signed, from the page.

    Attributes:
        credential: JSON; see `Assertion`.
    """

    form: _Form = ""
    credential: Annotated[str, Meta(max_length=CREDENTIAL_LENGTH_MAX)] = ""


class FactorForm(Confidential, frozen=True, kw_only=True):
    """A code, from the page."""

    form: _Form = ""
    method: Annotated[str, Meta(max_length=16)] = ""
    code: Annotated[str, Meta(max_length=CODE_LENGTH_MAX)] = ""
    trust_device: Annotated[str, Meta(max_length=8)] = ""
