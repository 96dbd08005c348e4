"""The outside world of a development platform: which simulators `samovar up` starts, and what they are put in place of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import msgspec

from samovar.embedded.ports import LOOPBACK
from samovar.embedded.process import OnLine
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.settings import variable_of
from samovar.simulators.identity.clients import settings_of
from samovar.simulators.money import settings as money


class Simulation(msgspec.Struct, frozen=True):
    """One simulator, in place of settings that nobody has made.

    Attributes:
        name: The module below `samovar.simulators`.
        settings: Section, name and value of each setting; `{http}` and the names of `sides` stand for ports.
        sides: What it listens on besides HTTP.
    """

    name: str
    settings: tuple[tuple[str, str, str], ...]
    sides: tuple[str, ...] = ()


def _json(value: object, address: str) -> str:
    """Return a setting as JSON in which `address` alone is filled in: braces of JSON are doubled."""
    text = msgspec.json.encode(value).decode().replace("{", "{{").replace("}", "}}")
    return text.replace(_ADDRESS, address)


def _settings(section: str, made: Callable[[str], Mapping[str, str]]) -> Iterable[tuple[str, str, str]]:
    """Return the settings that lead a service to a simulator, its port left open."""
    return ((section, name, value) for name, value in made(f"http://{LOOPBACK}:{{http}}").items())


_ADDRESS = "http://the-simulator"
WEBHOOKS = "SIMULATOR_WEBHOOKS_URL"
SIMULATIONS = (
    Simulation(
        "messages",
        (
            ("platform", "mail_url", f"smtp://samovar:simulator@{LOOPBACK}:{{smtp}}?tls=none"),
            ("platform", "phone_gateway_url", f"http://simulator@{LOOPBACK}:{{http}}/phone"),
        ),
        sides=("smtp",),
    ),
    Simulation(
        "identity",
        (("auth", "providers", _json(settings_of(_ADDRESS), f"http://{LOOPBACK}:{{http}}")),),
    ),
    Simulation(
        "money",
        (
            *_settings("payment", money.settings_of),
            *_settings("developer", money.developer_settings_of),
        ),
    ),
)


class Simulated:
    """A simulator, and the settings that lead to it."""

    def __init__(self, simulation: Simulation, folder: Path, on_line: OnLine) -> None:
        self._simulation = simulation
        self.server = SimulatorServer(
            folder / "simulators" / simulation.name, simulation.name, simulation.sides, on_line=on_line
        )

    @property
    def settings(self) -> Mapping[str, str]:
        """The variables that lead to it."""
        ports = self.server.ports
        return {
            variable_of(section, name): value.format_map(ports)
            for section, name, value in self._simulation.settings
        }


def wanted(given: AbstractSet[str]) -> Sequence[Simulation]:
    """Return the simulators in whose place the operator has not put everything.

    Args:
        given: The variables of the settings that the operator has made.
    """
    return [
        simulation
        for simulation in SIMULATIONS
        if any(variable_of(section, name) not in given for section, name, _ in simulation.settings)
    ]
