"""The contracts of all services, as files: the gateway knows services by what they declare, and imports none."""

from importlib import resources
from typing import Any

import msgspec


def read_contracts() -> dict[str, dict[str, Any]]:
    """Return every service's OpenAPI document by its name."""
    files = (folder / "contract" / "openapi.json" for folder in resources.files("samovar.services").iterdir())
    documents = (msgspec.json.decode(file.read_bytes()) for file in files if file.is_file())
    return {document["x-samovar-service"]["name"]: document for document in documents}
