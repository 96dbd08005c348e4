"""Who may act for an organisation that is paid: its owners and finance people, and staff. By the token alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.payment.payouts.errors import PayeeNotFound

EDIT_PAYEES = "payment.payees.edit"
READ_PAYOUTS = "payment.payouts.read"
RUN_PAYOUTS = "payment.payouts.run"
LEVELS: tuple[Level, ...] = ("owner", "finance")


class Rights:
    """Who has which of the permissions where."""

    def __init__(self, roles_by_permission: Mapping[str, Sequence[str]]) -> None:
        self._permissions = Permissions(roles_by_permission)

    def allow(self, caller: Caller, permission: str, organisation_id: UUID) -> bool:
        """Return whether the caller has it there."""
        return any(
            self._permissions.allows_in(caller, permission, level=level, organisation_id=organisation_id)
            for level in LEVELS
        )

    def require(self, caller: Caller, permission: str, organisation_id: UUID) -> None:
        """Let through whoever has it there.

        Raises:
            PayeeNotFound: They do not, and need not know whether there is such an organisation.
        """
        if not self.allow(caller, permission, organisation_id):
            raise PayeeNotFound(f"{organisation_id}")
