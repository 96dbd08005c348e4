"""The pages that are made from contracts: events (AsyncAPI and a table), settings, permissions."""

import json
from collections.abc import Iterable
from typing import Any

from samovar.cli.generators.contract import Contract, EventContract, SettingContract

_NOTE = "<!-- Made by `make generate` from the services' declarations; edit those. -->\n"


def permissions_of(contracts: Iterable[Contract]) -> dict[str, list[str]]:
    """Return every permission with the roles that have it."""
    found: dict[str, list[str]] = {}
    for contract in contracts:
        found.update(contract.openapi["x-samovar-service"]["permissions"])
    return dict(sorted(found.items()))


def asyncapi(contracts: Iterable[Contract]) -> dict[str, Any]:
    """Return all events as an AsyncAPI 3.0 document."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for contract in contracts:
        for event in contract.events:
            channels[event.subject] = {
                "address": event.subject,
                "summary": event.summary,
                "messages": {event.name: {"contentType": "application/json", "payload": event.schema}},
            }
            operations[f"publish.{event.subject}"] = _operation("send", event.subject, contract.name)
        for subject in contract.openapi["x-samovar-service"]["consumes"]:
            operations[f"{contract.name}.consume.{subject}"] = _operation("receive", subject, contract.name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Samovar: events",
            "version": "1",
            "description": "CloudEvents 1.0 attributes travel as `ce-*` headers; the body is JSON; additive change only.",
        },
        "channels": dict(sorted(channels.items())),
        "operations": dict(sorted(operations.items())),
    }


def events_page(contracts: list[Contract]) -> str:
    """Return `docs/events.md`: who publishes what, and who listens."""
    listeners: dict[str, list[str]] = {}
    for contract in contracts:
        for subject in contract.openapi["x-samovar-service"]["consumes"]:
            listeners.setdefault(subject, []).append(contract.name)
    lines = ["# Events", "", _NOTE, "| subject | says | from | heard by |", "|---|---|---|---|"]
    lines += [
        _event_row(contract.name, event, listeners) for contract in contracts for event in contract.events
    ]
    return "\n".join(lines) + "\n"


def settings_page(
    platform: list[SettingContract],
    up: list[SettingContract],
    client: list[SettingContract],
    contracts: list[Contract],
) -> str:
    """Return `docs/settings.md`: every environment variable, its type, default and meaning."""
    lines = ["# Settings", "", _NOTE, "## platform: shared by all processes", "", *_setting_table(platform)]
    lines += ["", "## up: what `samovar up` starts", "", *_setting_table(up)]
    lines += ["", "## client: the process that serves the web client", "", *_setting_table(client)]
    for contract in contracts:
        lines += ["", f"## {contract.name}: {contract.summary}", "", *_setting_table(contract.settings)]
    return "\n".join(lines) + "\n"


def _operation(action: str, subject: str, service: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{subject}"}, "tags": [{"name": service}]}


def _event_row(service: str, event: EventContract, listeners: dict[str, list[str]]) -> str:
    heard = ", ".join(sorted(listeners.get(event.subject, []))) or "nobody yet"
    return f"| `{event.subject}` | {event.summary} | {service} | {heard} |"


def _setting_table(rows: list[SettingContract]) -> list[str]:
    table = ["| variable | type | default | meaning |", "|---|---|---|---|"]
    return table + [f"| `{row.variable}` | {row.type} | {row.default} | {row.description} |" for row in rows]


def as_json(value: Any) -> bytes:
    """Return `value` as committed JSON: readable, stable."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
