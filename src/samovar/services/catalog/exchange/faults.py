"""What is wrong with single lines, and how people read it: a stable code with a sentence in Russian and in English."""

import re
from typing import Any

import msgspec

from samovar.kit.errors import FieldError, InvalidInput, SamovarError
from samovar.kit.i18n import Catalogue
from samovar.kit.rest.problems import rules_broken

FAULTS_KEPT_MAX = 10_000
# Of a call with many things: which of them.
_PLACE = re.compile(r"^\[\d+\]\.?")
_RECORD_UNKNOWN = "Invalid value '"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a line is refused, or a part of it.

    Attributes:
        line: Its number in the file.
        record: What it is, as far as that can be read.
        slug: Whose line it is, as far as that can be read.
        field: The path of the field: `page.age.rating`; none when it is the line as a whole.
        code: Stable: `missing`, `catalog.slug_taken`.
        detail: In words, for the log.
        limit: The number in the rule.
        params: What the sentence of an error may use.
    """

    line: int
    record: str | None = None
    slug: str | None = None
    field: str | None = None
    code: str
    detail: str
    limit: str | None = None
    params: dict[str, Any] = {}


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """A fault as a line of the report."""

    line: int
    record: str | None
    slug: str | None
    field: str | None
    code: str
    ru: str
    en: str


def unreadable(line: int, error: msgspec.DecodeError | UnicodeDecodeError) -> Fault:
    """Return the fault of a line that cannot be decoded, or that breaks a rule of its type."""
    if not isinstance(error, msgspec.ValidationError):
        code = "not_utf8" if isinstance(error, UnicodeDecodeError) else "not_json"
        return Fault(line=line, code=code, detail=str(error))
    broken = rules_broken(error)
    if broken.field == "record" and broken.detail.startswith(_RECORD_UNKNOWN):
        return Fault(line=line, field="record", code="record_unknown", detail=broken.detail)
    return _of_field(line, broken)


def refused(line: int, error: SamovarError, *, record: str, slug: str, prefix: str = "") -> list[Fault]:
    """Return the faults that an error tells of: its fields one by one, or itself.

    Args:
        line: The number of the line.
        error: Why it was refused.
        record: What the line is.
        slug: Whose line it is.
        prefix: Goes before the path of each field: `page.`.
    """
    if error.fields:
        return [
            msgspec.structs.replace(
                _of_field(line, msgspec.structs.replace(field, field=f"{prefix}{field.field}")),
                record=record,
                slug=slug,
            )
            for field in error.fields
        ]
    params = {
        name: value if isinstance(value, int | str) else str(value) for name, value in error.params.items()
    }
    return [Fault(line=line, record=record, slug=slug, code=error.code, detail=str(error), params=params)]


def of_one(error: Exception) -> SamovarError:
    """Return why a line that was kept alone was refused; the database's own words stay in the log."""
    if not isinstance(error, SamovarError):
        return InvalidInput(str(error), fields=[FieldError("", "invalid", str(error))])
    fields = [msgspec.structs.replace(field, field=_PLACE.sub("", field.field)) for field in error.fields]
    return InvalidInput(str(error), fields=fields) if fields else error


def in_words(fault: Fault, catalogue: Catalogue) -> Reported:
    """Return a fault as people read it."""
    return Reported(
        line=fault.line,
        record=fault.record,
        slug=fault.slug,
        field=fault.field,
        code=fault.code,
        ru=_sentence(fault, catalogue, "ru"),
        en=_sentence(fault, catalogue, "en"),
    )


def _of_field(line: int, broken: FieldError) -> Fault:
    # A fault is kept in the database, whose texts hold no NUL; what was sent may.
    detail = broken.detail.replace("\0", "�")
    return Fault(line=line, field=broken.field or None, code=broken.code, detail=detail, limit=broken.limit)


def _sentence(fault: Fault, catalogue: Catalogue, language: str) -> str:
    if f"field.{fault.code}" in catalogue:
        return catalogue.text(f"field.{fault.code}", language, limit=fault.limit or "")
    if f"{fault.code}.detail" in catalogue:
        return catalogue.text(f"{fault.code}.detail", language, **fault.params)
    return fault.detail
