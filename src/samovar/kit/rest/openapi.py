"""The contract of a service as OpenAPI 3.1, made from its routes alone: no settings, no connection, no framework.

Types become JSON Schema by msgspec, so that the schema is exactly what the decoder enforces; the policy of a route goes
out as `x-samovar`, which the gateway's compiler reads.
"""

import inspect
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from samovar.kit import errors
from samovar.kit.errors import SamovarError
from samovar.kit.idempotency import KEY_LENGTH_MAX, InFlight, KeyMismatch, KeyRequired
from samovar.kit.rest.answers import Answer, AnswerOf
from samovar.kit.rest.parameters import asked_of, header_of, parameters_of, without_header
from samovar.kit.rest.problems import MEDIA_TYPE, Problem
from samovar.kit.routes import Route

_PATH_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_REFERENCE = "#/components/schemas/{name}"
_OPEN = ("public", "provider")
_NO_CONTENT = (204, 304)
_BODIES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "bytes": "application/octet-stream",
}


def path_of(route: Route) -> str:
    """Return the path as OpenAPI writes it: `/v1/games/{game_id}`."""
    return _PATH_PARAMETER.sub(r"{\1}", route.path)


def document(
    *, name: str, summary: str, version: str, routes: Sequence[Route], service: dict[str, Any]
) -> dict[str, Any]:
    """Return the OpenAPI document of one service.

    Args:
        name: The service.
        summary: What it is for, one line.
        version: The version of the distribution.
        routes: Its routes.
        service: What `x-samovar-service` says: permissions, events out and in.
    """
    types = _Types(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(path_of(route), {})[route.method.lower()] = _operation(name, route, types)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Samovar: {name}", "summary": summary, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": types.components,
            "securitySchemes": {
                "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
        "x-samovar-service": {"name": name, **service},
    }


class _Types:
    """The JSON Schemas of all types that some routes speak of."""

    def __init__(self, routes: Iterable[Route]) -> None:
        kinds: list[Any] = [Problem]
        for route in routes:
            hints = get_type_hints(route.handler, include_extras=True)
            from_request, _ = parameters_of(route.handler, route.path)
            kinds += [without_header(one.kind) for one in asked_of(route.handler, route.path)]
            if "data" in from_request:
                kinds.append(without_header(hints["data"]))
            kinds += _alternatives(without_header(hints.get("return", type(None))))
        self._kinds = kinds
        schemas, self.components = msgspec.json.schema_components(
            kinds, schema_hook=_any_json, ref_template=_REFERENCE
        )
        self._schemas = list(schemas)
        self.components = dict(sorted(self.components.items()))
        speak_ecma([self._schemas, self.components])

    def schema_of(self, kind: Any) -> dict[str, Any]:
        return self._schemas[self._kinds.index(without_header(kind))]

    def schema_of_answer(self, kind: Any) -> dict[str, Any]:
        schemas = [self.schema_of(one) for one in _alternatives(without_header(kind))]
        return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}


def speak_ecma(schema: Any) -> None:
    r"""Say patterns, in place, as JSON Schema does.

    In Python `$` also stands before a line break at the end, so our patterns end with `\Z`; ECMA 262 writes that as `$`.
    """
    if isinstance(schema, list):
        for part in schema:
            speak_ecma(part)
    elif isinstance(schema, dict):
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and pattern.endswith(r"\Z"):
            schema["pattern"] = pattern.removesuffix(r"\Z") + "$"
        for part in schema.values():
            speak_ecma(part)


def _alternatives(answer: Any) -> list[Any]:
    """Return the shapes that an answer may have: msgspec, which would have to read them, wants a tag on each of several."""
    if get_origin(answer) is AnswerOf:
        return _alternatives(get_args(answer)[0])
    parts = get_args(answer) if get_origin(answer) in {Union, UnionType} else (answer,)
    structs = [
        part for part in parts if isinstance(part, type) and issubclass(part, (msgspec.Struct, Answer))
    ]
    return structs if len(structs) == len(parts) else [answer]


def _any_json(kind: type) -> dict[str, Any]:
    """Say nothing of a body that a handler composes itself."""
    if kind is Answer:
        return {"description": "Composed by the handler."}
    raise TypeError(f"{kind} has no JSON Schema")


def _operation(service: str, route: Route, types: _Types) -> dict[str, Any]:
    hints = get_type_hints(route.handler, include_extras=True)
    summary, _, description = inspect.cleandoc(route.handler.__doc__ or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": f"{service}_{route.handler.__name__}",
        "tags": [service],
        "summary": summary.rstrip("."),
    }
    if description.strip():
        operation["description"] = description.strip()
    parameters = _parameters(route, types)
    if parameters:
        operation["parameters"] = parameters
    if "data" in hints:
        schema = {} if route.body == "bytes" else types.schema_of(hints["data"])
        content = {_BODIES[route.body]: {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] = _responses(route, types, hints.get("return", type(None)))
    if route.policy.auth not in _OPEN:
        operation["security"] = [{"access_token": []}, {"api_key": []}]
    operation["x-samovar"] = msgspec.to_builtins(route.policy)
    return operation


def _parameters(route: Route, types: _Types) -> list[dict[str, Any]]:
    in_path = set(_PATH_PARAMETER.findall(route.path))
    parameters = []
    for name, kind, default in asked_of(route.handler, route.path):
        header = header_of(kind)
        schema = dict(types.schema_of(kind))
        if default is not inspect.Parameter.empty and default is not None:
            schema["default"] = msgspec.to_builtins(default)
        parameters.append(
            {
                "name": header or name,
                "in": "header" if header else "path" if name in in_path else "query",
                "required": default is inspect.Parameter.empty,
                "schema": schema,
            }
        )
    if route.policy.idempotency_key:
        schema = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH_MAX}
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema})
    return parameters


def _responses(route: Route, types: _Types, answer: Any) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.etag:
        success["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if route.status not in _NO_CONTENT:
        schema = (
            types.schema_of_answer(answer) if route.media_type == "application/json" else {"type": "string"}
        )
        success["content"] = {route.media_type: {"schema": schema}}
    responses = {str(route.status): success}
    by_status: dict[int, list[str]] = {}
    for kind in _errors_of(route):
        by_status.setdefault(kind.http_status, []).append(kind.code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": ", ".join(sorted(set(codes))),
            "content": {MEDIA_TYPE: {"schema": types.schema_of(Problem)}},
        }
    return responses


def _errors_of(route: Route) -> list[type[SamovarError]]:
    """Return every error that a route may answer: the declared ones and those that its policy implies."""
    policy = route.policy
    from_request, _ = parameters_of(route.handler, route.path)
    kinds: list[type[SamovarError]] = [*route.raises, errors.Unavailable, errors.DeadlineExceeded]
    if policy.auth not in _OPEN:
        kinds += [errors.Unauthenticated, errors.Forbidden]
    elif "caller" in from_request:
        kinds.append(errors.Unauthenticated)
    if "data" in from_request:
        kinds += [errors.BadRequest, errors.TooLarge, errors.UnsupportedMediaType]
    if set(from_request) - {"request", "caller", "once"}:
        kinds.append(errors.InvalidInput)
    if "{" in route.path:
        kinds.append(errors.NotFound)
    if policy.rate_limit:
        kinds.append(errors.RateLimited)
    if policy.idempotency_key:
        kinds += [KeyRequired, KeyMismatch, InFlight]
    return kinds
