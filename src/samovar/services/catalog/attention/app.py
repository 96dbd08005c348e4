"""Attention, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.catalog.attention import api, jobs
from samovar.services.catalog.attention.rpc import AttentionRpc
from samovar.services.catalog.attention.use_cases import Attention, PageViews
from samovar.services.catalog.attention.visitors import Visitors
from samovar.services.catalog.contract.v1_pb2_grpc import add_AttentionServicer_to_server
from samovar.services.catalog.viewers.audience import Audience

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)
RPC = (Rpc(add_AttentionServicer_to_server, AttentionRpc),)


def build_attention(kit: Kit, audience: Audience) -> dict[str, object]:
    """Build what the doors of attention ask for by name."""
    views = PageViews(kit.database, audience=audience, visitors=Visitors(kit.redis), clock=kit.clock)
    kit.closing.push_async_callback(views.write)
    return {"page_views": views, "attention": Attention(kit.database)}
