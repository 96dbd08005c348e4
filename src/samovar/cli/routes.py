"""Print every route with its policy, in the order of paths: who may call it, how often, how long."""

import argparse
from typing import Any

import msgspec

from samovar.cli.discovery import folder_of, service_names

_HEAD = ("method", "path", "service", "auth", "permissions", "limit", "cache", "time-out")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("service", nargs="?", help="only the routes of this service")


def run(arguments: argparse.Namespace) -> int:
    """Print the table from the committed contracts."""
    names = [arguments.service] if arguments.service else service_names()
    rows = sorted((row for name in names for row in _rows(name)), key=lambda row: (row[1], row[0]))
    table = [_HEAD, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _rows(service: str) -> list[tuple[str, ...]]:
    document = msgspec.json.decode((folder_of(service) / "contract" / "openapi.json").read_bytes())
    return [
        (method.upper(), path, service, *_policy(operation["x-samovar"]))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _policy(policy: dict[str, Any]) -> tuple[str, ...]:
    limit, cache = policy["rate_limit"], policy["cache"]
    return (
        policy["auth"],
        ", ".join(policy["permissions"]) or "-",
        f"{limit['requests']} in {limit['per_s']} s by {limit['by']}, {limit['where']}" if limit else "-",
        f"{cache['ttl_s']} s" if cache else "-",
        f"{policy['timeout_ms']} ms",
    )
