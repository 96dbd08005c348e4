"""What roles need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.roles.use_cases import RoleGrants


@every(30)
async def end_expired_roles(role_grants: RoleGrants) -> None:
    """Take the roles whose time is over."""
    await role_grants.end_expired()
