"""What a handler's parameters mean, and reading them out of a request.

`kit/routes` says where a parameter comes from; here that is found out once, when the application is built, and turned into
one msgspec conversion a request.
"""

import inspect
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

from samovar.kit import errors
from samovar.kit.errors import FieldError
from samovar.kit.rest.problems import rules_broken
from samovar.kit.routes import Route

GIVEN = ("data", "request", "caller", "once")
QUERY_PARAMETERS_MAX = 100
_SIMPLE = (str, int, float, bool, UUID, date, datetime, time, Decimal)
_MANY = (list, tuple, set, frozenset)


class Header(msgspec.Struct, frozen=True):
    """Where a parameter comes from, when that is a header."""

    name: str


def header(name: str) -> Header:
    """Mark a parameter as read from the header `name`: put this into its `Annotated`."""
    return Header(name)


class QueryFields(msgspec.Struct, frozen=True, kw_only=True):
    """A handler's parameter of such a type is filled from the query, field by field: for a list with many filters."""


class Asked(NamedTuple):
    """One value that a request gives.

    Attributes:
        default: `inspect.Parameter.empty` when it must be given.
    """

    name: str
    kind: Any
    default: Any


def parameters_of(function: Callable[..., Any], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a handler's parameters into those of the request and those that its service must provide."""
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return", None)
    from_request = {
        name: kind
        for name, kind in hints.items()
        if name in GIVEN or in_path(name, path) or _is_simple(kind) or _is_query(kind)
    }
    return from_request, {name: kind for name, kind in hints.items() if name not in from_request}


def asked_of(function: Callable[..., Any], path: str) -> list[Asked]:
    """Return what stands in path, query and headers; of a parameter of many fields, each of them."""
    from_request, _ = parameters_of(function, path)
    signature = inspect.signature(function)
    asked: list[Asked] = []
    for name, kind in from_request.items():
        if name in GIVEN:
            continue
        if _is_query(kind):
            hints = get_type_hints(kind, include_extras=True)
            asked += [
                Asked(field.name, hints[field.name], _default_of(field))
                for field in msgspec.structs.fields(kind)
            ]
        else:
            asked.append(Asked(name, kind, signature.parameters[name].default))
    if len({one.name for one in asked}) < len(asked):
        raise TypeError(f"{path}: two parameters of one name")
    return asked


def header_of(kind: Any) -> str | None:
    """Return the header that a parameter of this type is read from, if any."""
    notes = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((note.name for note in notes if isinstance(note, Header)), None)


def in_path(name: str, path: str) -> bool:
    """Return whether `{name}` or `{name:type}` is in the path."""
    return f"{{{name}:" in path or f"{{{name}}}" in path


class Parameters:
    """Reads path, query and headers of the requests of one route."""

    def __init__(self, route: Route) -> None:
        from_request, _ = parameters_of(route.handler, route.path)
        self._groups = {name: kind for name, kind in from_request.items() if _is_query(kind)}
        asked = asked_of(route.handler, route.path)
        kinds = {one.name: one.kind for one in asked}
        self._path = tuple(name for name in kinds if in_path(name, route.path))
        self._headers = {
            given.lower().encode(): name for name, kind in kinds.items() if (given := header_of(kind))
        }
        query = [name for name in kinds if name not in self._path and name not in self._headers.values()]
        self._many = frozenset(name for name in query if _takes_many(kinds[name]))
        self._query = frozenset(query)
        self._kind = _struct_of(asked) if asked else None
        self._defaults = self._grouped(_defaults_of(self._kind))

    def read(self, scope: Any) -> dict[str, Any]:
        """Return the values by name.

        Raises:
            InvalidInput: One is missing or breaks a rule.
        """
        if self._kind is None or (self._defaults and not scope["query_string"] and not self._headers):
            return dict(self._defaults)
        found: dict[str, Any] = {name: scope["path_params"][name] for name in self._path}
        if self._query and scope["query_string"]:
            self._read_query(scope["query_string"], found)
        for raw, value in scope["headers"] if self._headers else ():
            if name := self._headers.get(raw):
                found[name] = value.decode("latin-1")
        for name, value in found.items():
            texts = value if isinstance(value, list) else [value]
            if any(isinstance(text, str) and "\0" in text for text in texts):
                raise errors.InvalidInput(name, fields=[FieldError(name, "nul", "text cannot hold a NUL")])
        try:
            values = msgspec.convert(found, self._kind, strict=False)
        except msgspec.ValidationError as error:
            raise errors.InvalidInput(str(error), fields=[rules_broken(error)]) from None
        return self._grouped({name: getattr(values, name) for name in self._kind.__struct_fields__})

    def _grouped(self, values: dict[str, Any]) -> dict[str, Any]:
        """Put fields that belong together into their struct."""
        for name, kind in self._groups.items() if values else ():
            values[name] = kind(**{field: values.pop(field) for field in kind.__struct_fields__})
        return values

    def _read_query(self, query: bytes, found: dict[str, Any]) -> None:
        try:
            pairs = parse_qsl(
                query.decode("latin-1"), keep_blank_values=True, max_num_fields=QUERY_PARAMETERS_MAX
            )
        except ValueError:
            limit = str(QUERY_PARAMETERS_MAX)
            detail = f"more than {limit} query parameters"
            raise errors.InvalidInput(
                detail, fields=[FieldError("", "too_many_parameters", detail, limit)]
            ) from None
        for name, value in pairs:
            if name in self._many:
                found.setdefault(name, []).append(value)
            elif name in found and name in self._query:
                # Which of two counts would be a guess, and another part of the platform may guess otherwise.
                raise errors.InvalidInput(name, fields=[FieldError(name, "repeated", "given more than once")])
            elif name in self._query:
                found[name] = value


def _struct_of(asked: Sequence[Asked]) -> type[msgspec.Struct]:
    """Return a struct with the parameters' types and defaults, so that msgspec checks them all at once."""
    fields: list[Any] = []
    for name, kind, default in asked:
        plain = without_header(kind)
        fields.append((name, plain) if default is inspect.Parameter.empty else (name, plain, default))
    return msgspec.defstruct("Parameters", fields, kw_only=True)


def _defaults_of(kind: type[msgspec.Struct] | None) -> dict[str, Any]:
    """Return the values of a request that sends none, where it may do so."""
    if kind is None or any(field.required for field in msgspec.structs.fields(kind)):
        return {}
    return {name: getattr(kind(), name) for name in kind.__struct_fields__}


def without_header(kind: Any) -> Any:
    """Return the type without the mark that only says where it comes from."""
    if get_origin(kind) is not Annotated:
        return kind
    base, *notes = get_args(kind)
    kept = [note for note in notes if not isinstance(note, Header)]
    return Annotated[(base, *kept)] if kept else base


def _is_query(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, QueryFields)


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return inspect.Parameter.empty if field.required else field.default_factory()


def _is_simple(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _is_simple(get_args(kind)[0])
    if origin is Literal or kind is NoneType:
        return True
    if origin in {Union, UnionType, *_MANY}:
        return all(_is_simple(part) for part in get_args(kind) if part is not Ellipsis)
    return isinstance(kind, type) and issubclass(kind, (*_SIMPLE, Enum))


def _takes_many(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _takes_many(get_args(kind)[0])
    if origin in {Union, UnionType}:
        return any(_takes_many(part) for part in get_args(kind))
    return origin in _MANY
