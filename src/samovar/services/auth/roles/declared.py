"""The permissions that all services declare, and the roles that have each; `samovar generate` gathers them."""

from collections.abc import Mapping, Sequence
from importlib import resources

import msgspec

from samovar.services.auth import contract


def declared_permissions() -> Mapping[str, Sequence[str]]:
    """Return the roles by permission, as `kit.identity.Permissions` takes them."""
    text = (resources.files(contract) / "permissions.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, list[str]])
