"""Packages, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.rpc.server import Rpc
from samovar.services.catalog.contract.events import BundleChanged, PackageChanged
from samovar.services.catalog.contract.v1_pb2_grpc import add_PackagesServicer_to_server
from samovar.services.catalog.packages import consumers
from samovar.services.catalog.packages.rpc import PackagesRpc

RPC = (Rpc(add_PackagesServicer_to_server, PackagesRpc),)
CONSUMERS = consumers_in(consumers)
EVENTS = (PackageChanged, BundleChanged)
