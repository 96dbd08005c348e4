"""The route table of the platform: every operation that the services' contracts declare, checked and in matching order.

A contract is a service's `openapi.json`; each of its operations carries its policy as `x-samovar`. What is wrong with the
contracts as a whole shows here, before anything is served: a policy that is missing, two services with one path, paths of
which the order of matching would be a matter of chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import msgspec

from samovar.kit.events import SUBJECT_PREFIX
from samovar.kit.identity import ROLES
from samovar.kit.routes import Policy

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OPEN = ("public", "provider")


class ContractError(Exception):
    """The contracts of the services do not fit together; the message names the service and the path."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path.

    Attributes:
        name: Its `operationId`: unique over all services, and the name of its route in Envoy.
        path: As OpenAPI writes it: `/v1/games/{game_id}`.
    """

    service: str
    name: str
    method: str
    path: str
    policy: Policy

    @property
    def is_open(self) -> bool:
        """Whether it needs no token."""
        return self.policy.auth in _OPEN

    def __str__(self) -> str:
        return f"{self.service}: {self.method} {self.path}"


class RouteTable(msgspec.Struct, frozen=True, kw_only=True):
    """All that can be reached from outside.

    Attributes:
        operations: In matching order: of two that a path fits, the one with the literal segment comes first.
        services: Those that have a contract, sorted.
        permissions: The roles that have each permission, as `kit.identity.Permissions` takes them.
    """

    operations: tuple[Operation, ...]
    services: tuple[str, ...]
    permissions: Mapping[str, tuple[str, ...]]

    def by_path(self) -> dict[str, list[Operation]]:
        """Return the operations of each path, paths and methods in matching order."""
        paths: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            paths[operation.path].append(operation)
        return dict(paths)

    def by_name(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {operation.name: operation for operation in self.operations}


def route_table(documents: Iterable[Mapping[str, Any]]) -> RouteTable:
    """Return the route table of `documents`, the contracts of all services.

    Raises:
        ContractError: A contract is broken, or they do not fit together.
    """
    operations: list[Operation] = []
    permissions: dict[str, tuple[str, ...]] = {}
    services: list[str] = []
    published: set[str] = set()
    for document in documents:
        about = document["x-samovar-service"]
        services.append(about["name"])
        published |= {subject.removeprefix(SUBJECT_PREFIX) for subject in about["publishes"]}
        permissions |= {name: tuple(roles) for name, roles in about["permissions"].items()}
        operations += _operations_of(document)
    reachable = [operation for operation in operations if operation.policy.auth != "service"]
    _check_permissions(reachable, permissions)
    _check_tags(reachable, published)
    _check_names(operations)
    _check_paths(reachable)
    reachable.sort(key=lambda one: (_order(one.path), METHODS.index(one.method)))
    return RouteTable(operations=tuple(reachable), services=tuple(sorted(services)), permissions=permissions)


def segments_of(path: str) -> tuple[str | None, ...]:
    """Return the segments of a path, None for a parameter."""
    return tuple(None if part.startswith("{") else part for part in path[1:].split("/"))


def _operations_of(document: Mapping[str, Any]) -> list[Operation]:
    service = document["x-samovar-service"]["name"]
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{service}: {method.upper()} {path}"
            try:
                policy = msgspec.convert(operation["x-samovar"], Policy)
            except KeyError:
                raise ContractError(f"{place} has no policy (x-samovar)") from None
            except msgspec.ValidationError as error:
                raise ContractError(f"{place}: {error}") from None
            made = Operation(
                service=service,
                name=operation["operationId"],
                method=method.upper(),
                path=path,
                policy=policy,
            )
            _check_policy(made)
            found.append(made)
    return found


def _check_policy(operation: Operation) -> None:
    policy = operation.policy
    if operation.method not in METHODS:
        raise ContractError(f"{operation}: the method is none of {', '.join(METHODS)}")
    if policy.cache and (operation.method, policy.auth) != ("GET", "public"):
        raise ContractError(f"{operation}: only a public GET may be cached")
    if policy.cache and policy.websocket:
        raise ContractError(f"{operation}: a WebSocket cannot be cached")
    if policy.permissions and operation.is_open:
        raise ContractError(f"{operation}: open to all, yet it asks for permissions")


def _check_permissions(operations: Sequence[Operation], permissions: Mapping[str, tuple[str, ...]]) -> None:
    for operation in operations:
        for permission in operation.policy.permissions:
            if permission not in permissions:
                raise ContractError(f"{operation}: no service declares the permission {permission}")
    for permission, roles in permissions.items():
        if unknown := {role.removeprefix("!") for role in roles} - ROLES:
            raise ContractError(f"{permission} is given to unknown roles: {', '.join(sorted(unknown))}")


def _check_tags(operations: Sequence[Operation], published: set[str]) -> None:
    for operation in operations:
        for tag in operation.policy.cache.tags if operation.policy.cache else ():
            if tag not in published:
                raise ContractError(f"{operation}: no service publishes {tag}, so nothing would purge it")


def _check_names(operations: Sequence[Operation]) -> None:
    seen: dict[str, Operation] = {}
    for operation in operations:
        if (other := seen.setdefault(operation.name, operation)) is not operation:
            raise ContractError(f"{operation} and {other} have the same operationId")


def _check_paths(operations: Sequence[Operation]) -> None:
    """Refuse two operations that answer the same request, and pairs of paths of which neither is the more exact."""
    for one, other in combinations(operations, 2):
        if one.method != other.method:
            continue
        first, second = segments_of(one.path), segments_of(other.path)
        if first == second:
            raise ContractError(f"{one} and {other} serve the same path")
        if _cross(first, second):
            raise ContractError(f"{one} and {other} fit the same path and neither is the more exact")


def _cross(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    """Return whether some path fits both patterns, while each has a literal where the other has a parameter."""
    if len(one) != len(other) or any(a != b for a, b in zip(one, other, strict=True) if a and b):
        return False
    wider = [a is None for a, b in zip(one, other, strict=True) if (a is None) != (b is None)]
    return True in wider and False in wider


def _order(path: str) -> tuple[tuple[bool, str], ...]:
    return tuple((part is None, part or "") for part in segments_of(path))
