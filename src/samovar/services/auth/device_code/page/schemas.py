"""What the forms of the pages carry and send."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.services.auth.pages.forms import FORM_LENGTH_MAX


class CodeForm(msgspec.Struct, frozen=True, kw_only=True):
    """The code, as somebody typed it."""

    user_code: Annotated[str, Meta(max_length=1_000)] = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of a decision carries."""

    user_code: str


class DecisionForm(msgspec.Struct, frozen=True, kw_only=True):
    """A decision.

    Attributes:
        number: The one that was pressed; empty with a no.
        decision: `deny`, `not_me`; empty with a number.
    """

    form: Annotated[str, Meta(max_length=FORM_LENGTH_MAX)] = ""
    number: Annotated[str, Meta(max_length=8)] = ""
    decision: Annotated[str, Meta(max_length=16)] = ""
