"""Errors as people and programs read them outside: RFC 9457 `application/problem+json`.

`code` is stable and for programs; `title` and `detail` are sentences of the message catalogue in the reader's language.
"""

import math
import re
from datetime import datetime
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from samovar.kit import errors
from samovar.kit.errors import FieldError, SamovarError
from samovar.kit.i18n import Catalogue
from samovar.kit.money import Money

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:samovar:problem:"

_BY_STATUS: dict[int, type[SamovarError]] = {
    kind.http_status: kind
    for kind in (
        errors.BadRequest,
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.TooLarge,
        errors.UnsupportedMediaType,
        errors.InvalidInput,
        errors.RateLimited,
    )
}


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")

# msgspec words its errors; these are its words, from the most to the least exact.
_SOME_KEY = "[...]"
_MAPPINGS_MAX = 3
_KEY_SHOWN_MAX = 100
_STEPS = re.compile(r"\.[^.\[]+|\[\d+\]")
_RULES = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("missing", r"missing required field `(.+)`"),
        ("unknown", r"unknown field `(.+)`"),
        ("too_short", r"of length >= (\d+)"),
        ("too_long", r"of length <= (\d+)"),
        ("too_small", r">=? (-?[\d.]+)"),
        ("too_large", r"<=? (-?[\d.]+)"),
        ("wrong_pattern", r"matching regex"),
        ("not_offered", r"Invalid enum value"),
        ("wrong_type", r"Expected `.+`, got `.+`"),
    )
)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer with status 400 and above.

    Attributes:
        type: A URN made of `code`.
        title: What kind of problem, in the reader's language.
        status: The HTTP status again.
        code: Stable, for programs: `auth.bad_credentials`.
        detail: What to do about it, in the reader's language.
        trace_id: 32 hex digits: what to tell the support.
        errors: The fields at fault, for 422.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    trace_id: str
    errors: tuple[FieldError, ...] = ()


def problem_of(error: SamovarError, *, catalogue: Catalogue, language: str, trace_id: str) -> Problem:
    """Return what a reader of `language` gets to see of `error`; nothing of the log's text goes out."""
    return Problem(
        type=TYPE_PREFIX + error.code,
        title=catalogue.text(f"{error.code}.title", language, **error.params),
        status=error.http_status,
        code=error.code,
        detail=catalogue.text(f"{error.code}.detail", language, **error.params),
        trace_id=trace_id,
        errors=tuple(_in_words(field, catalogue, language) for field in error.fields),
    )


def _in_words(field: FieldError, catalogue: Catalogue, language: str) -> FieldError:
    key = f"field.{field.code}"
    if key not in catalogue:
        return field
    return msgspec.structs.replace(field, detail=catalogue.text(key, language, limit=_limit_of(field)))


def _limit_of(field: FieldError) -> object:
    """Return what the rule compares with, as what it is: an amount, a moment or a number."""
    if field.limit is None:
        return ""
    if field.currency is not None:
        return Money(int(field.limit), field.currency)
    if _MOMENT.fullmatch(field.limit):
        return datetime.fromisoformat(field.limit)
    return field.limit


def headers_of(error: SamovarError) -> dict[str, str]:
    """Return the headers that go with an error."""
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = f"Bearer {error.challenge}" if error.challenge else "Bearer"
    return headers


def from_framework(exception: HTTPException) -> SamovarError:
    """Return our error for one that the web framework raised: unknown path, wrong method, a body too large."""
    kind = _BY_STATUS.get(exception.status_code)
    return kind(exception.detail) if kind else errors.Internal(exception.detail)


def rules_broken(error: msgspec.ValidationError, plain: object = None, kind: Any = None) -> FieldError:
    """Return the field and the rule that msgspec speaks of, under a stable code.

    Args:
        error: What it said.
        plain: What was converted. Of a mapping msgspec does not say which value breaks the rule, `prices[...].amount`; it is found in this,
            `prices.RU.amount`.
        kind: What it should have become.
    """
    sentence, _, path = str(error).partition(" - at `")
    if plain is not None and _SOME_KEY in path:
        path = _with_keys(path, str(error), plain, kind)
    # A key that is wrong is told of as one in the object that has it.
    path = path.removeprefix("key` in `").removeprefix("$").strip("`.")
    for code, pattern in _RULES:
        if found := pattern.search(sentence):
            limit = found.group(1) if pattern.groups else None
            if code in {"missing", "unknown"}:
                return FieldError(f"{path}.{limit}" if path else str(limit), code, sentence)
            return FieldError(path, code, sentence, limit)
    return FieldError(path, "invalid", sentence)


def _with_keys(path: str, sentence: str, plain: object, kind: Any) -> str:
    """Put keys in the places where msgspec says only that it was one of them."""
    for _ in range(_MAPPINGS_MAX):
        before, some, after = path.partition(_SOME_KEY)
        values = _at(before, plain)
        if not some or not isinstance(values, dict):
            break
        suspects = list(values)
        while len(suspects) > 1:
            middle = len(suspects) // 2
            others = {key: values.pop(key) for key in suspects[middle:]}
            if _says(sentence, plain, kind):
                suspects = suspects[:middle]
            else:
                values.clear()
                values |= others
                suspects = suspects[middle:]
        if len(suspects) != 1 or not _says(sentence, plain, kind):
            break
        path = f"{before}.{str(suspects[0])[:_KEY_SHOWN_MAX]}{after}"
    return path


def _at(path: str, plain: object) -> object:
    """Return what is at a path without mappings, `$.items[2].prices`; none where it leads nowhere."""
    found: Any = plain
    for step in _STEPS.findall(path.removeprefix("$")):
        try:
            found = found[int(step[1:-1])] if step.startswith("[") else found[step.removeprefix(".")]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _says(sentence: str, plain: object, kind: Any) -> bool:
    try:
        msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        return str(error) == sentence
    return False
