"""Write everything that is made from the services' declarations, or with --check only compare it.

Made: each service's gRPC code and `openapi.json`, the permissions that auth knows, the services that account asks for personal data, the catalogues under `docs/`, Envoy's
structure and the observability files under `deploy/`.
"""

import argparse
import sys
from pathlib import Path

from samovar.cli.discovery import SERVICES_FOLDER, folder_of, service_names
from samovar.cli.generators import catalogues, envoy, observability, protobuf
from samovar.cli.generators.catalogues import as_json
from samovar.cli.generators.contract import (
    Contract,
    client_settings,
    contracts_of,
    platform_settings,
    up_settings,
)

ROOT = SERVICES_FOLDER.parents[2]
KIT_FOLDER = SERVICES_FOLDER.parent / "kit"
_MADE_FOLDERS = ("deploy/envoy", "deploy/observability")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file would change")


def run(arguments: argparse.Namespace) -> int:
    """Generate, or compare."""
    contracts = [*SERVICES_FOLDER.glob("*/contract/*.proto"), *KIT_FOLDER.glob("*/*.proto")]
    code = protobuf.generated_code(sorted(contracts))
    stale = _stale(code)
    if not arguments.check:
        _write(stale)
    files = _from_contracts(contracts_of(service_names()))
    stale |= _stale(files)
    left_over = _left_over(files)
    if not arguments.check:
        _write(stale)
        for file in left_over:
            file.unlink()
        return 0
    for file in sorted([*stale, *left_over]):
        print(f"{file.relative_to(ROOT)} is not what `make generate` makes", file=sys.stderr)
    return 1 if stale or left_over else 0


def _from_contracts(contracts: list[Contract]) -> dict[Path, bytes]:
    files = {folder_of(one.name) / "contract" / "openapi.json": as_json(one.openapi) for one in contracts}
    files[folder_of("auth") / "contract" / "permissions.json"] = as_json(catalogues.permissions_of(contracts))
    names = as_json([one.name for one in contracts])
    files[folder_of("account") / "contract" / "services.json"] = names
    pages = {
        "docs/asyncapi.json": as_json(catalogues.asyncapi(contracts)),
        "docs/events.md": catalogues.events_page(contracts).encode(),
        "docs/settings.md": catalogues.settings_page(
            platform_settings(), up_settings(), client_settings(), contracts
        ).encode(),
        **envoy.files(contracts),
        **observability.files(contracts),
    }
    return files | {ROOT / name: content for name, content in pages.items()}


def _stale(files: dict[Path, bytes]) -> dict[Path, bytes]:
    return {
        file: content for file, content in files.items() if not file.exists() or file.read_bytes() != content
    }


def _left_over(files: dict[Path, bytes]) -> list[Path]:
    """Return the files in folders that are wholly made, which nothing makes any more."""
    present = [file for folder in _MADE_FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    return [file for file in present if file not in files]


def _write(files: dict[Path, bytes]) -> None:
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        print(f"wrote {file.relative_to(ROOT)}")
