"""Everything that others may know of one service, read from its declaration in a process of its own.

Each service is imported in its own interpreter, so that a contract cannot depend on what another service imported.
"""

import inspect
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import msgspec

from samovar.cli.client.settings import ClientSettings
from samovar.cli.discovery import load_service
from samovar.cli.up import UpSettings
from samovar.kit.events import Event
from samovar.kit.rest import openapi
from samovar.kit.runtime import Service
from samovar.kit.settings import PlatformSettings, Settings, setting_rows

PARALLEL = 2


class EventContract(msgspec.Struct, frozen=True):
    """An event: its subject, what it says and the JSON Schema of its body."""

    name: str
    subject: str
    summary: str
    schema: dict[str, Any]


class SettingContract(msgspec.Struct, frozen=True):
    """A setting as the reference page shows it."""

    variable: str
    type: str
    default: str
    description: str


class Contract(msgspec.Struct, frozen=True):
    """One service as others see it."""

    name: str
    summary: str
    openapi: dict[str, Any]
    events: list[EventContract]
    settings: list[SettingContract]


def contracts_of(names: list[str]) -> list[Contract]:
    """Return the contracts of all named services, read in `PARALLEL` processes at a time."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(_in_own_process, names))


def platform_settings() -> list[SettingContract]:
    """Return the settings that all processes share."""
    return _settings(PlatformSettings, "platform")


def up_settings() -> list[SettingContract]:
    """Return the settings of `samovar up`."""
    return _settings(UpSettings, "up")


def client_settings() -> list[SettingContract]:
    """Return the settings of the process that serves the web client."""
    return _settings(ClientSettings, "client")


def _in_own_process(name: str) -> Contract:
    command = [sys.executable, "-m", __name__, name]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  our own interpreter and module
    if done.returncode:
        raise RuntimeError(
            f"the declaration of {name} cannot be read:\n{done.stderr.decode(errors='replace')}"
        )
    return msgspec.json.decode(done.stdout, type=Contract)


def describe(service: Service) -> Contract:
    """Return the contract of a service that is imported in this process."""
    consumed = sorted({consumer.event.subject for consumer in service.consumers})
    about = {
        "summary": service.summary,
        "database": service.has_database,
        "permissions": {name: list(roles) for name, roles in sorted(service.permissions.items())},
        "publishes": [event.subject for event in service.publishes],
        "consumes": consumed,
    }
    document = openapi.document(
        name=service.name,
        summary=service.summary,
        version=version("samovar"),
        routes=service.routes,
        service=about,
    )
    return Contract(
        name=service.name,
        summary=service.summary,
        openapi=json.loads(json.dumps(document)),
        events=[_event(event) for event in service.publishes],
        settings=_settings(service.settings, service.name),
    )


def _event(event: type[Event]) -> EventContract:
    summary = inspect.cleandoc(event.__doc__ or "").partition("\n")[0]
    schema = msgspec.json.schema(event)
    openapi.speak_ecma(schema)
    return EventContract(event.__name__, event.subject, summary, schema)


def _settings(kind: type[Settings], section: str) -> list[SettingContract]:
    return [SettingContract(*row) for row in setting_rows(kind, section)]


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(describe(load_service(sys.argv[1]))))
