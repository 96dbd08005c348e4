"""Who asks, as the gateway saw it."""

import ipaddress

import litestar

IPV6_NETWORK_BITS = 64
UNKNOWN = "unknown"


def address_of(request: "litestar.Request[object, object, litestar.datastructures.State]") -> str:
    """Return the network address that the gateway saw: it appends that to whatever the client sent. Empty when nobody said."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded or (request.client.host if request.client else "")


def network_of(address: str) -> str:
    """Return whom an address stands for: an IPv4 address, or an IPv6 network, of which a person has a whole one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False).network_address)
