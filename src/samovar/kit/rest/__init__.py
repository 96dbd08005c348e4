"""REST: what services declare in `kit.routes`, served, observed and described.

Litestar finds the route; everything between the route and the handler is here, because it is the same for every service.
"""
