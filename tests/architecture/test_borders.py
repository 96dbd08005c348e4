"""Who may import whom: the contracts of `.importlinter` hold, and each of them breaks when a fault is planted.

The contracts name packages by their place (`*.kit`), so the faults are planted in small packages of other names that
have the same shape, built anew for each test.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.application.use_cases import create_report, read_user_options
from importlinter.cli import lint_imports

TOP = Path(__file__).parents[2]
CONTRACTS = TOP / ".importlinter"
HOUSE = """
language: formats
kit: errors events ids money database
content: manifest
embedded: postgres
simulators: mail
sdk: player
client: app
demo: seed
testing: plugin
cli: up
services.alpha: app api rpc consumers jobs commands use_cases repository adapters schemas domain errors settings
services.alpha.contract: events
services.alpha.ledger: postings
services.alpha.games: app api use_cases repository domain
services.alpha.prices: use_cases repository schemas
services.beta: app domain
services.beta.contract: events
services.download: app
services.download.contract: events
"""
# The contract that breaks, who imports, what.
FAULTS = [
    ("servers", "kit.database", "embedded.postgres"),
    ("kit", "content.manifest", "kit.ids"),
    ("kit", "embedded.postgres", "kit.ids"),
    ("kit", "simulators.mail", "kit.ids"),
    ("kit", "sdk.player", "kit.ids"),
    ("kit", "client.app", "kit.ids"),
    ("kit", "demo.seed", "kit.ids"),
    ("language", "language.formats", "kit.ids"),
    ("client", "client.app", "kit.ids"),
    ("flet", "services.alpha.app", "flet"),
    ("content", "services.alpha.use_cases", "content.manifest"),
    ("content", "kit.database", "content.manifest"),
    ("content", "testing.plugin", "content.manifest"),
    ("servers", "services.alpha.adapters", "embedded.postgres"),
    ("servers", "demo.seed", "simulators.mail"),
    ("sdk", "services.alpha.adapters", "sdk.player"),
    ("sdk", "testing.plugin", "sdk.player"),
    ("programs", "kit.database", "services.alpha.app"),
    ("programs", "sdk.player", "client.app"),
    ("programs", "testing.plugin", "services.alpha.app"),
    ("programs", "client.app", "demo.seed"),
    ("ends", "services.alpha.app", "cli.up"),
    ("ends", "cli.up", "testing.plugin"),
    ("services", "services.alpha.use_cases", "services.beta.domain"),
    ("services", "services.beta.app", "services.alpha.repository"),
    ("contracts", "services.alpha.contract.events", "kit.database"),
    ("contracts", "services.alpha.contract.events", "services.alpha.domain"),
    ("layers", "services.alpha.use_cases", "services.alpha.api"),
    ("layers", "services.alpha.domain", "services.alpha.repository"),
    ("layers", "services.alpha.schemas", "services.alpha.repository"),
    ("layers", "services.alpha.repository", "services.alpha.adapters"),
    ("layers", "services.alpha.api", "services.alpha.rpc"),
    ("layers", "services.alpha.errors", "services.alpha.domain"),
    ("layers", "services.alpha.api", "services.alpha.app"),
    ("layers", "services.alpha.games.domain", "services.alpha.games.repository"),
    ("layers", "services.alpha.games.api", "services.alpha.games.app"),
    ("wiring", "services.alpha.ledger.postings", "services.alpha.api"),
    ("wiring", "services.alpha.prices.use_cases", "services.alpha.games.api"),
    ("use-cases", "services.alpha.ledger.postings", "services.alpha.use_cases"),
    ("use-cases", "services.alpha.prices.use_cases", "services.alpha.games.use_cases"),
    ("domain", "services.alpha.domain", "asyncpg"),
    ("domain", "services.alpha.domain", "kit.database"),
    ("domain", "services.alpha.games.domain", "litestar"),
]
ALLOWED = [
    ("services.alpha.app", "services.alpha.api"),
    ("services.alpha.app", "services.alpha.games.api"),
    ("services.alpha.app", "services.alpha.games.app"),
    ("services.alpha.games.app", "services.alpha.games.use_cases"),
    ("services.alpha.games.app", "services.alpha.games.api"),
    ("services.alpha.api", "services.alpha.use_cases"),
    ("services.alpha.api", "services.alpha.repository"),
    ("services.alpha.use_cases", "services.alpha.ledger.postings"),
    ("services.alpha.use_cases", "services.beta.contract.events"),
    ("services.alpha.consumers", "services.beta.contract.events"),
    ("services.alpha.contract.events", "services.beta.contract.events"),
    ("services.alpha.contract.events", "kit.events"),
    ("services.alpha.ledger.postings", "services.alpha.domain"),
    ("services.alpha.games.use_cases", "services.alpha.prices.schemas"),
    ("services.alpha.repository", "kit.database"),
    ("services.alpha.domain", "kit.money"),
    ("services.download.app", "content.manifest"),
    ("testing.plugin", "embedded.postgres"),
    ("client.app", "sdk.player"),
    ("client.app", "language.formats"),
    ("kit.money", "language.formats"),
    ("client.app", "flet"),
    ("demo.seed", "sdk.player"),
    ("sdk.player", "content.manifest"),
    ("cli.up", "simulators.mail"),
    ("cli.up", "services.alpha.app"),
]


class House:
    """A package of the platform's shape, empty but for what is planted in it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self.name = name
        for line in HOUSE.split("\n"):
            package, _, modules = line.partition(":")
            for module in ("__init__", *modules.split()):
                self._file(f"{package}.{module}" if package else module).touch()
        self._file("services.__init__").touch()

    def plant(self, importer: str, imported: str) -> None:
        """Let one module import another, or an outside library."""
        own = self._file(imported).exists()
        self._file(importer).write_text(f"import {self.name}.{imported}\n" if own else f"import {imported}\n")

    def broken(self) -> set[str]:
        """Return the contracts that do not hold."""
        rules = self._folder / f"{self.name}.ini"
        rules.write_text(
            CONTRACTS.read_text().replace("root_package = samovar", f"root_package = {self.name}")
        )
        report = create_report(read_user_options(str(rules)), cache_dir=None)
        assert not report.could_not_run
        checked = report.get_contracts_and_checks()
        return {contract.contract_options["id"] for contract, check in checked if not check.kept}

    def _file(self, module: str) -> Path:
        file = self._folder.joinpath(self.name, *module.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house of its own name for each test: Python remembers packages by name."""
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    yield House(tmp_path, f"house_{abs(hash(request.node.name))}")
    sys.path.remove(str(tmp_path))


def strangers_repositories(package: str) -> list[str]:
    """Return the imports of a `repository` from outside its folder; only the service's app may reach in to build it.

    import-linter cannot compare the place of two modules.
    """
    graph = grimp.build_graph(package, cache_dir=None)
    found: list[str] = []
    for repository in sorted(graph.find_matching_modules(f"{package}.services.**.repository")):
        folder = repository.rpartition(".")[0]
        app = ".".join([*repository.split(".")[:3], "app"])
        found += [
            f"{importer} imports {repository}"
            for importer in sorted(graph.find_modules_that_directly_import(repository))
            if importer != app and not importer.startswith(f"{folder}.")
        ]
    return found


def test_the_contracts_hold() -> None:
    assert lint_imports(config_filename=str(CONTRACTS), no_cache=True, no_logo=True) == 0


def test_a_repository_serves_its_own_folder() -> None:
    assert strangers_repositories("samovar") == []


@pytest.mark.parametrize(("contract", "importer", "imported"), FAULTS)
def test_a_planted_import_breaks_its_contract(
    house: House, contract: str, importer: str, imported: str
) -> None:
    house.plant(importer, imported)
    assert contract in house.broken()


@pytest.mark.parametrize(("importer", "imported"), ALLOWED)
def test_an_allowed_import_breaks_nothing(house: House, importer: str, imported: str) -> None:
    house.plant(importer, imported)
    assert house.broken() == set()
    assert strangers_repositories(house.name) == []


def test_every_contract_has_a_planted_fault(house: House) -> None:
    options = read_user_options(str(CONTRACTS)).contracts_options
    assert {contract for contract, _, _ in FAULTS} == {contract["id"] for contract in options}
    assert house.broken() == set()


def test_a_planted_import_of_a_strangers_repository_is_found(house: House) -> None:
    house.plant("services.alpha.prices.use_cases", "services.alpha.games.repository")
    assert strangers_repositories(house.name) == [
        f"{house.name}.services.alpha.prices.use_cases imports {house.name}.services.alpha.games.repository"
    ]
