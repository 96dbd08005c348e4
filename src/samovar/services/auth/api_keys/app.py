"""API keys, and the launch tickets that they redeem, built from their parts."""

import secrets

from samovar.kit.identity import Permissions
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.services.auth.api_keys import api
from samovar.services.auth.api_keys.minting import Minting
from samovar.services.auth.api_keys.rpc import ApiKeysRpc
from samovar.services.auth.api_keys.use_cases import ApiKeys, KeyExchange, OrganisationKeys
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.v1_pb2_grpc import add_ApiKeysServicer_to_server
from samovar.services.auth.launch_tickets import app as launch_tickets
from samovar.services.auth.sessions.strengthening import Strengthening
from samovar.services.auth.tokens.signing import Signer

routes = (*routes_in(api), *launch_tickets.routes)
jobs = launch_tickets.jobs
rpc = Rpc(add_ApiKeysServicer_to_server, ApiKeysRpc)
permissions = {"auth.ticket.redeem": ("developer",)}


async def build(kit: Kit, *, signer: Signer, permissions: Permissions, audit: Audit) -> dict[str, object]:
    """Build what the rooms' handlers and jobs ask for by name.

    Args:
        kit: The kit.
        signer: Signs the tokens that stand for keys.
        permissions: Of all services.
        audit: What happened.
    """
    return {
        **await launch_tickets.build(kit, audit=audit),
        "api_keys": ApiKeys(
            kit.database,
            strengthening=Strengthening(signer, kit.new_id),
            permissions=permissions,
            verifier=kit.verifier,
            audit=audit,
            clock=kit.clock,
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
        ),
        "organisation_keys": OrganisationKeys(
            kit.database, verifier=kit.verifier, audit=audit, clock=kit.clock
        ),
        "minting": Minting(
            kit.database,
            permissions=permissions,
            audit=audit,
            clock=kit.clock,
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
        ),
        "key_exchange": KeyExchange(
            kit.database,
            signer=signer,
            limits=kit.limits,
            audit=audit,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }
