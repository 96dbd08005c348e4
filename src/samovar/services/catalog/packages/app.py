"""Packages and bundles, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.services.catalog.contract.events import BundleChanged, PackageChanged
from samovar.services.catalog.contract.v1_pb2_grpc import add_PackagesServicer_to_server
from samovar.services.catalog.packages import api
from samovar.services.catalog.packages.bundles import api as bundles_api
from samovar.services.catalog.packages.bundles.use_cases import BundleEditing, Bundles
from samovar.services.catalog.packages.bundles.writer import BundleWriter
from samovar.services.catalog.packages.domain import EDIT
from samovar.services.catalog.packages.editing import api as editing_api
from samovar.services.catalog.packages.editing import consumers
from samovar.services.catalog.packages.editing.use_cases import PackageEditing
from samovar.services.catalog.packages.rpc import PackagesRpc
from samovar.services.catalog.packages.use_cases import Packages
from samovar.services.catalog.packages.writer import PackageWriter
from samovar.services.catalog.rights import Rights

ROUTES = (*routes_in(api), *routes_in(editing_api), *routes_in(bundles_api))
RPC = (Rpc(add_PackagesServicer_to_server, PackagesRpc),)
CONSUMERS = consumers_in(consumers)
EVENTS = (PackageChanged, BundleChanged)
PERMISSIONS = {EDIT: ("developer", "moderator", "admin")}


def build_packages(kit: Kit) -> dict[str, object]:
    """Build what handlers ask for."""
    rights = Rights(PERMISSIONS, EDIT)
    return {
        "packages": Packages(kit.database, clock=kit.clock),
        "package_editing": PackageEditing(
            kit.database, rights=rights, writer=PackageWriter(clock=kit.clock, new_id=kit.new_id)
        ),
        "bundles": Bundles(kit.database, clock=kit.clock),
        "bundle_editing": BundleEditing(
            kit.database, rights=rights, writer=BundleWriter(clock=kit.clock, new_id=kit.new_id)
        ),
    }
