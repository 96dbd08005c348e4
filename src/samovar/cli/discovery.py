"""Which services there are: every folder under `services/` that has an `app.py`. Nothing is registered anywhere else."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import samovar.services

if TYPE_CHECKING:  # Listing the services must not load what they stand on.
    from samovar.kit.runtime import Service

SERVICES_FOLDER = Path(next(iter(samovar.services.__path__)))


def service_names() -> list[str]:
    """Return the names of all services, sorted."""
    return sorted(file.parent.name for file in SERVICES_FOLDER.glob("*/app.py"))


def folder_of(name: str) -> Path:
    """Return the folder of a service."""
    return SERVICES_FOLDER / name


def load_service(name: str) -> "Service":
    """Import a service and return its declaration.

    Raises:
        LookupError: There is no such service.
    """
    if name not in service_names():
        raise LookupError(f"there is no service {name!r}; there are: {', '.join(service_names())}")
    service: Service = importlib.import_module(f"samovar.services.{name}.app").service
    return service
