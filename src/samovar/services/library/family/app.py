"""Families, put together."""

from samovar.kit.events import consumers_in
from samovar.services.library.family import consumers
from samovar.services.library.family.use_cases import FamilyMembers

CONSUMERS = consumers_in(consumers)


def build_family() -> dict[str, object]:
    """Build what the consumers of families ask for by name."""
    return {"family_members": FamilyMembers()}
