"""What can go wrong with API keys.

NotFound
└── ApiKeyNotFound   404  developer.api_key_not_found   the organisation has no such key, or it is over
Conflict
└── TooManyApiKeys   409  developer.too_many_api_keys   the maker has as many as one may have
"""

from samovar.kit.errors import Conflict, NotFound


class ApiKeyNotFound(NotFound):
    """The organisation has no such key, or it is over."""

    code = "developer.api_key_not_found"


class TooManyApiKeys(Conflict):
    """Whoever makes the key has as many as one may have."""

    code = "developer.too_many_api_keys"
