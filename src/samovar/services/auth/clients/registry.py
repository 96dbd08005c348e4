"""Who a client is, and whether it is the one it says (RFC 6749, section 2.3)."""

import base64
import binascii
import hashlib
import hmac
from urllib.parse import unquote_plus
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.rest.app import Request
from samovar.services.auth.clients import repository
from samovar.services.auth.clients.domain import RegisteredClient, secret_counts
from samovar.services.auth.clients.repository import StoredClient
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.tokens import pairwise

CLIENT_ID_LENGTH_MAX = 64
SECRET_LENGTH_MAX = 128
SECRET_BYTES = 32
SECRET_PREFIX = "smvs_"  # noqa: S105  how secrets begin, so that scanners find a leaked one
_UNAUTHORIZED = 401
_BASIC = "basic "


class Presented:
    """What a request says of the client that sends it.

    Attributes:
        client_id: Who it says it is.
        secret: By what it proves that.
        by_header: It said so in `Authorization`, so it is also refused that way.
    """

    def __init__(self, client_id: str | None, secret: str | None, *, by_header: bool) -> None:
        self.client_id = client_id
        self.secret = secret
        self.by_header = by_header

    @classmethod
    def in_request(cls, request: Request, client_id: str | None, client_secret: str | None) -> "Presented":
        """Read `Authorization: Basic`, or the two fields of the form.

        Raises:
            OAuthError: `invalid_request` when a client proves itself in two ways at once, `invalid_client` for nonsense.
        """
        authorization = request.headers.get("authorization", "")
        if authorization[: len(_BASIC)].lower() != _BASIC:
            return cls(client_id, client_secret, by_header=False)
        if client_secret is not None:
            raise OAuthError("invalid_request", "the client proves itself in two ways at once")
        try:
            text = base64.b64decode(authorization[len(_BASIC) :].strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise _refused("the Authorization header is not well-formed", by_header=True) from None
        name, _, secret = text.partition(":")
        name, secret = unquote_plus(name), unquote_plus(secret)
        if client_id is not None and client_id != name:
            raise OAuthError("invalid_request", "two clients are named")
        return cls(name, secret, by_header=True)


class Registry:
    """All clients.

    Args:
        salt: From `Registry.read_salt`: what `sub` for third parties is made of.
    """

    def __init__(self, database: Database, *, salt: bytes, clock: Clock) -> None:
        self._database = database
        self._salt = salt
        self._clock = clock

    @staticmethod
    async def read_salt(database: Database) -> bytes:
        """Return the installation's salt; it never changes."""
        return await repository.find_salt(database)

    async def find(self, client_id: str | None, tx: Transaction | None = None) -> RegisteredClient | None:
        """Return a client."""
        stored = await self._stored(client_id, tx)
        return registered(stored) if stored else None

    async def find_all(
        self, client_ids: list[str], tx: Transaction | None = None
    ) -> dict[str, RegisteredClient]:
        """Return those of the clients that there are, by their ids."""
        found = await repository.list_clients_by_id(tx or self._database, client_ids)
        return {stored.id: registered(stored) for stored in found}

    async def authenticate(self, presented: Presented) -> RegisteredClient:
        """Return the client that a request comes from. A public one only says its name; a confidential one must prove it.

        Raises:
            OAuthError: `invalid_client`.
        """
        stored = await self._stored(presented.client_id, None)
        if stored is None:
            raise _refused("no such client", by_header=presented.by_header)
        if stored.secret_hash is None:
            if presented.secret:
                raise _refused("a public client has no secret", by_header=presented.by_header)
            return registered(stored)
        secret = presented.secret or ""
        given = hash_of(secret) if 0 < len(secret) <= SECRET_LENGTH_MAX else b""
        counting = secret_counts(
            given,
            current=stored.secret_hash,
            older=stored.older_secret_hash,
            older_until=stored.older_secret_until,
            now=self._clock.now(),
        )
        if not any([hmac.compare_digest(given, known) for known in counting]):  # noqa: C419  all, whichever fits
            raise _refused("the secret is not right", by_header=presented.by_header)
        return registered(stored)

    def subject_of(self, client: RegisteredClient, account_id: UUID) -> str:
        """Return what a client calls an account: its id for our own, for others a name of its sector (OIDC Core, 8.1)."""
        if client.first_party:
            return str(account_id)
        return pairwise.subject_of(self._salt, client.sector, account_id)

    async def _stored(self, client_id: str | None, tx: Transaction | None) -> StoredClient | None:
        if not client_id or len(client_id) > CLIENT_ID_LENGTH_MAX or "\0" in client_id:
            return None
        return await repository.find_client(tx or self._database, client_id)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it is too long to be guessed, so a fast hash does."""
    return hashlib.sha256(secret.encode()).digest()


def registered(stored: StoredClient) -> RegisteredClient:
    """Return a client without its secrets."""
    return RegisteredClient(
        id=stored.id,
        name=stored.name,
        developer_name=stored.developer_name,
        application_type=stored.application_type,
        is_confidential=stored.secret_hash is not None,
        redirect_uris=stored.redirect_uris,
        post_logout_redirect_uris=stored.post_logout_redirect_uris,
        backchannel_logout_uri=stored.backchannel_logout_uri,
        grant_types=stored.grant_types,
        scopes=stored.scopes,
        require_pkce=stored.require_pkce,
        first_party=stored.first_party,
        sector=stored.sector,
        game_id=str(stored.game_id) if stored.game_id else None,
    )


def _refused(description: str, *, by_header: bool) -> OAuthError:
    challenge = 'Basic realm="samovar", charset="UTF-8"' if by_header else None
    return OAuthError("invalid_client", description, status=_UNAUTHORIZED, challenge=challenge)
