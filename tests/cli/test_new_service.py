"""A new service in one command: it passes every check and its own tests, and goes without a trace."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from samovar.cli.new_service import refuse

ROOT = Path(__file__).parents[2]
COPIED = ("src", "deploy", "docs", "tests/services", "pyproject.toml", ".importlinter", "README.md")
NAME = "wishlist"


class Checkout:
    """A copy of the repository, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.folder)): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file()
            and not any(part == "__pycache__" or part.endswith("_cache") for part in file.parts)
        }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, target)
    return Checkout(folder)


@pytest.fixture(scope="module")
def before(checkout: Checkout) -> dict[str, bytes]:
    return checkout.files()


@pytest.fixture(scope="module")
def made(checkout: Checkout, before: dict[str, bytes]) -> Iterator[Checkout]:
    assert before
    done = checkout.run("samovar.cli.main", "new-service", NAME)
    assert done.returncode == 0, done.stderr
    yield checkout
    shutil.rmtree(checkout.folder / "src/samovar/services" / NAME)
    shutil.rmtree(checkout.folder / "tests/services" / NAME)
    done = checkout.run("samovar.cli.main", "generate")
    assert done.returncode == 0, done.stderr
    assert checkout.files() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("ruff", "check", f"src/samovar/services/{NAME}", f"tests/services/{NAME}"),
        ("ruff", "format", "--check", f"src/samovar/services/{NAME}", f"tests/services/{NAME}"),
        ("mypy", f"src/samovar/services/{NAME}", f"tests/services/{NAME}"),
        ("samovar.cli.main", "generate", "--check"),
        ("pytest", "-q", f"tests/services/{NAME}"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_new_service_passes(made: Checkout, arguments: tuple[str, ...]) -> None:
    done = made.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_service_is_behind_the_gateway_and_in_every_catalogue(made: Checkout) -> None:
    routes = (made.folder / "docs/permissions.md").read_text("utf-8")
    events = (made.folder / "docs/events.md").read_text("utf-8")
    settings = (made.folder / "docs/settings.md").read_text("utf-8")
    scraped = (made.folder / "deploy/observability/prometheus.yml").read_text("utf-8")
    assert f"/v1/{NAME}/entries" in routes
    assert f"samovar.{NAME}.v1.entry_added" in events
    assert "SAMOVAR_WISHLIST__ENTRIES_PER_ACCOUNT_MAX" in settings
    assert f"{NAME}:8000" in scraped


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Wish-List", "lower-case"),
        ("", "lower-case"),
        ("1st", "lower-case"),
        ("a" * 31, "at most 30"),
        ("class", "another meaning"),
        ("platform", "another meaning"),
        ("auth", "already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(name: str, why: str) -> None:
    assert why in (refuse(name) or "")
