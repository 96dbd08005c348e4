"""The web client behind the same door: what a browser gets at every path that no service has.

The client is a program and no service, so no contract speaks of it; these routes stand for it. A path of the API that does not
exist stays a 404 of the API, also for a browser.
"""

import re

from samovar.services.gateway.envoy.access import OPEN
from samovar.services.gateway.envoy.filters import BUFFER, NOT_LIMITED
from samovar.services.gateway.envoy.messages import Message, typed

CLUSTER, SOCKETS = "client", "client.sockets"
FILES_PREFIX = "/client/"
SOCKET_PATH = "/client/ws"
UPLOADS_PREFIX = "/client/upload/"
TIMEOUT = "60s"
SOCKET_IDLE_TIMEOUT = "120s"
# Both sides of a bare `/v1` too: what lies below these belongs to the API, whether it exists or not.
_API = r"/(?:v1|oauth2|content|connection|\.well-known|\.edge)(?:[/?].*)?"
_BUFFER_OFF = {
    BUFFER: typed("envoy.extensions.filters.http.buffer.v3.BufferPerRoute", disabled=True),
}
_READING = {"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD"}}}
# How large a file may be the client says itself: it counts while the bytes come.
_BRINGING = {"name": ":method", "string_match": {"exact": "PUT"}}
RETRY_READING: Message = {
    "retry_on": "connect-failure,refused-stream,reset",
    "num_retries": 2,
    "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
}
_FOR_PEOPLE = {"name": "accept", "string_match": {"contains": "text/html"}}


def is_of_api(path: str) -> bool:
    """Return whether a path belongs to the API, so that nothing behind it is the client's."""
    return re.fullmatch(_API, path) is not None


def routes() -> list[Message]:
    """Return the routes of the client, in matching order; they come after those of the services."""
    socket = _route("client socket", {"path": SOCKET_PATH}, SOCKETS)
    socket["route"] |= {
        "timeout": "0s",
        "idle_timeout": SOCKET_IDLE_TIMEOUT,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
    }
    uploads = _route("client uploads", {"prefix": UPLOADS_PREFIX, "headers": [_BRINGING]}, CLUSTER)
    files = _reading("client files", {"prefix": FILES_PREFIX, "headers": [_READING]})
    start = _reading("client start", {"path": "/", "headers": [_READING]})
    return [socket, uploads, files, start, _page()]


def _page() -> Message:
    """Return the route of every other page: the client alone knows which of them exist."""
    api = {"name": ":path", "string_match": {"safe_regex": {"regex": _API}}}
    match = {"prefix": "/", "headers": [_READING, _FOR_PEOPLE, {**api, "invert_match": True}]}
    return _reading("client page", match)


def _reading(name: str, match: Message) -> Message:
    """Return a route that is tried again: a page without its fonts shows boxes until it is loaded anew."""
    route = _route(name, match, CLUSTER)
    route["route"]["retry_policy"] = RETRY_READING
    return route


def _route(name: str, match: Message, cluster: str) -> Message:
    return {
        "name": name,
        "match": match,
        "route": {"cluster": cluster, "timeout": TIMEOUT},
        "typed_per_filter_config": {**OPEN, **NOT_LIMITED, **_BUFFER_OFF},
    }
