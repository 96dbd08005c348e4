"""The `samovar` command: finds the module of a subcommand and runs it.

A command module has `add_arguments(parser)` and `run(arguments) -> int`; only the one that is asked for is imported. A
service may bring commands of its own in `commands.py`: `samovar auth …`. Commands that need a platform use the one that
`samovar up` runs here, unless the environment names another.
"""

import argparse
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from samovar.kit.settings import SettingsError

COMMANDS = {
    "up": "run the whole platform on this machine",
    "client": "serve the web client",
    "desktop": "open the client in a window of this machine",
    "serve": "run one or more services in this process",
    "work": "run the CPU-heavy jobs of a service",
    "migrate": "bring the databases to the schema of this code",
    "events": "look at dead letters, mend and replay events",
    "ledger": "check the books of payment, verify their chain, look at a balance",
    "generate": "write everything that is made from the services' declarations",
    "play": "play an installed game: saves synced, time counted, achievements told",
    "routes": "print every route with its policy",
    "push": "upload a folder as a build of an app, and let a branch give it",
    "demo": "fill an empty store with the showcase",
    "new-service": "make a new service: running, tested, observable",
    "doctor": "explain what is wrong on this machine",
    "login": "sign in on this machine, once for all commands",
    "logout": "sign out on this machine",
    "pull": "get a game into a folder, or bring it to the newest build",
    "verify": "compare a game's folder with what is installed in it",
    "repair": "bring a game's folder to its build, whatever has become of it",
}
# Commands of players live in a folder of their own.
_PLAYERS = {"pull", "verify", "repair"}
_USAGE_ERROR = 2
# These speak to a platform or its databases, like the commands that services bring.
_OPERATE = {
    "migrate",
    "events",
    "ledger",
    "demo",
    "play",
    "push",
    "pull",
    "repair",
    "login",
    "logout",
    "desktop",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        print(_help())
        return 0
    name, rest = words[0], words[1:]
    module = module_of(name)
    if name not in COMMANDS:
        module = f"samovar.services.{name}.commands"
        if not name.isidentifier() or not _exists(module):
            print(f"samovar: there is no command {name!r}\n\n{_help()}", file=sys.stderr)
            return _USAGE_ERROR
    if name not in COMMANDS or name in _OPERATE:
        _use_running_platform()
    command = importlib.import_module(module)
    parser = argparse.ArgumentParser(prog=f"samovar {name}", description=command.__doc__)
    command.add_arguments(parser)
    try:
        status: int = command.run(parser.parse_args(rest))
    except SettingsError as error:
        print(f"samovar {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def module_of(name: str) -> str:
    """Return the module of a command of this package."""
    return f"samovar.cli.{'content.' * (name in _PLAYERS)}{name.replace('-', '_')}"


def _use_running_platform() -> None:
    """Take the settings of the platform that `samovar up` runs on this machine, where none are set."""
    record = Path(os.environ.get("SAMOVAR_UP__STATE", ".samovar")) / "up.json"
    if record.exists():
        for variable, value in json.loads(record.read_bytes())["environment"].items():
            os.environ.setdefault(variable, value)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(["usage: samovar COMMAND …  (samovar COMMAND --help tells more)", "", *lines])


if __name__ == "__main__":
    sys.exit(main())
