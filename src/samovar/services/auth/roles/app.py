"""Roles, and the API keys that have a part of them, built from their parts."""

from samovar.kit.identity import Permissions
from samovar.kit.identity.v1_pb2_grpc import add_PlacesServicer_to_server
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.auth.api_keys import app as api_keys
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.v1_pb2_grpc import add_RolesServicer_to_server
from samovar.services.auth.roles import api
from samovar.services.auth.roles import jobs as roles_jobs
from samovar.services.auth.roles.declared import declared_permissions
from samovar.services.auth.roles.granting import Granting
from samovar.services.auth.roles.rpc import PlacesRpc, RolesRpc
from samovar.services.auth.roles.use_cases import Members, RoleGrants
from samovar.services.auth.tokens.signing import Signer

routes = (*routes_in(api), *api_keys.routes)
jobs = (*jobs_in(roles_jobs), *api_keys.jobs)
rpc = (
    Rpc(add_RolesServicer_to_server, RolesRpc),
    Rpc(add_PlacesServicer_to_server, PlacesRpc),
    api_keys.rpc,
)
permissions = {
    "auth.role.read": ("admin", "operator"),
    "auth.role.grant": ("admin",),
    "auth.role.revoke": ("admin",),
    **api_keys.permissions,
}


async def build(kit: Kit, *, signer: Signer, permissions: Permissions, audit: Audit) -> dict[str, object]:
    """Build what the rooms' handlers and jobs ask for by name.

    Args:
        kit: The kit.
        signer: Signs the tokens that stand for API keys.
        permissions: Of all services.
        audit: What happened.
    """
    granting = Granting(permissions=permissions, audit=audit, new_id=kit.new_id)
    return {
        **await api_keys.build(kit, signer=signer, permissions=permissions, audit=audit),
        "role_grants": RoleGrants(
            kit.database,
            granting=granting,
            permissions=declared_permissions(),
            verifier=kit.verifier,
            clock=kit.clock,
        ),
        "members": Members(
            kit.database,
            granting=granting,
            permissions=permissions,
            verifier=kit.verifier,
            clock=kit.clock,
        ),
    }
