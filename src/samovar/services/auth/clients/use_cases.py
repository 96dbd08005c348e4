"""Registering, changing and deleting clients."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput, NotFound
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.kit.text.visible import is_visible_line
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients import domain, repository
from samovar.services.auth.clients.domain import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    CLIENTS_PER_OWNER_MAX,
)
from samovar.services.auth.clients.registry import SECRET_BYTES, SECRET_PREFIX, hash_of
from samovar.services.auth.clients.repository import StoredClient
from samovar.services.auth.clients.schemas import (
    ClientChange,
    ClientMade,
    ClientSecret,
    ClientSeen,
    NewClient,
    SecretRotation,
)
from samovar.services.auth.errors import TooManyClients
from samovar.services.auth.grants import ends
from samovar.services.auth.tokens import pairwise
from samovar.services.auth.tokens.opaque import wrap

DELETED_AT_ONCE_MAX = 10
ENDED_AT_ONCE_MAX = 500


class ClientPosition(msgspec.Struct, frozen=True):
    """Where a page of clients ended."""

    id: str


class Clients:
    """The clients of developers."""

    def __init__(
        self,
        database: Database,
        *,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
        allow_http: bool,
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes
        self._allow_http = allow_http

    async def register(self, caller: Caller, new: NewClient) -> ClientMade:
        """Add a client.

        Raises:
            InvalidInput: A field breaks a rule.
            TooManyClients: The developer has as many as one may have.
        """
        secret = wrap(SECRET_PREFIX, self._random_bytes(SECRET_BYTES)) if new.is_confidential else None
        now = self._clock.now()
        client = StoredClient(
            id=str(self._new_id()),
            owner_id=caller.account_id,
            organisation_id=new.organisation_id,
            game_id=new.game_id,
            name=new.name.strip(),
            developer_name=new.developer_name.strip(),
            application_type=new.application_type,
            secret_hash=hash_of(secret) if secret else None,
            redirect_uris=new.redirect_uris,
            post_logout_redirect_uris=new.post_logout_redirect_uris,
            backchannel_logout_uri=new.backchannel_logout_uri,
            grant_types=new.grant_types,
            scopes=new.scopes,
            require_pkce=new.require_pkce,
            first_party=False,
            sector=_sector_of(caller, new.organisation_id),
            created_at=now,
            updated_at=now,
        )
        self._refuse_faults(client)
        async with self._database.transaction() as tx:
            if await repository.lock_owner(tx, caller.account_id) >= CLIENTS_PER_OWNER_MAX:
                raise TooManyClients
            await repository.save_client(tx, client)
            await self._audit.done(
                tx,
                "client.registered",
                account_id=caller.account_id,
                session_id=caller.session_id,
                client_id=client.id,
            )
        return ClientMade(client=_seen(client), client_secret=secret)

    async def page(self, caller: Caller, *, limit: int, cursor: str | None) -> Page[ClientSeen]:
        """Return a page of the caller's clients, by their ids."""
        position = decode_cursor(cursor, ClientPosition)
        rows = await repository.list_clients(
            self._database, caller.account_id, after=position.id if position else None, limit=limit + 1
        )
        return page_of([_seen(row) for row in rows], limit, lambda one: ClientPosition(one.client_id))

    async def show(self, caller: Caller, client_id: str) -> ClientSeen:
        """Return one of the caller's clients.

        Raises:
            NotFound: The caller has none of this id.
        """
        client = await repository.find_client(self._database, client_id)
        if client is None or client.owner_id != caller.account_id:
            raise NotFound(f"{caller.account_id} has no client {client_id}")
        return _seen(client)

    async def change(
        self, caller: Caller, client_id: str, change: ClientChange, if_match: str | None
    ) -> ClientSeen:
        """Change a client.

        Raises:
            NotFound: The caller has none of this id.
            PreconditionFailed: It has changed since the caller saw it.
            InvalidInput: A field breaks a rule.
        """
        changes = {
            name: value.strip() if isinstance(value, str) and name.endswith("name") else value
            for name, value in msgspec.structs.asdict(change).items()
            if value is not UNSET
        }
        async with self._database.transaction() as tx:
            client = await repository.find_client_of(tx, caller.account_id, client_id)
            if client is None:
                raise NotFound(f"{caller.account_id} has no client {client_id}")
            require_match(if_match, _seen(client))
            changed = msgspec.structs.replace(client, **changes, updated_at=self._clock.now())
            self._refuse_faults(changed)
            await repository.save_client(tx, changed)
            await self._audit.done(
                tx,
                "client.changed",
                account_id=caller.account_id,
                session_id=caller.session_id,
                client_id=client_id,
                fields=sorted(changes),
            )
        return _seen(changed)

    async def rotate_secret(self, caller: Caller, client_id: str, rotation: SecretRotation) -> ClientSecret:
        """Give a client another secret; the present one goes on for a while.

        Raises:
            NotFound: The caller has no such client, or it is a public one.
        """
        secret = wrap(SECRET_PREFIX, self._random_bytes(SECRET_BYTES))
        async with self._database.transaction() as tx:
            client = await repository.find_client_of(tx, caller.account_id, client_id)
            if client is None or client.secret_hash is None:
                raise NotFound(f"{caller.account_id} has no confidential client {client_id}")
            now = self._clock.now()
            until = now + timedelta(seconds=rotation.older_valid_s)
            rotated = msgspec.structs.replace(
                client,
                secret_hash=hash_of(secret),
                older_secret_hash=client.secret_hash,
                older_secret_until=until,
                updated_at=now,
            )
            await repository.save_client(tx, rotated)
            await self._audit.done(
                tx,
                "client.secret_rotated",
                account_id=caller.account_id,
                session_id=caller.session_id,
                client_id=client_id,
            )
        return ClientSecret(client_secret=secret, older_valid_until=until)

    async def delete(self, caller: Caller, client_id: str) -> None:
        """Delete a client: its tokens count no more; its grants are ended in the background.

        Raises:
            NotFound: The caller has none of this id.
        """
        async with self._database.transaction() as tx:
            if await repository.find_client_of(tx, caller.account_id, client_id) is None:
                raise NotFound(f"{caller.account_id} has no client {client_id}")
            await repository.mark_deleted(tx, client_id, self._clock.now())
            await self._audit.done(
                tx,
                "client.deleted",
                account_id=caller.account_id,
                session_id=caller.session_id,
                client_id=client_id,
            )

    async def finish_deleting(self) -> None:
        """End the grants of deleted clients, some at a time, and drop the rows of those that have none left."""
        async with self._database.transaction() as tx:
            deleted = await repository.list_deleted(tx, DELETED_AT_ONCE_MAX)
        for client_id in deleted:
            await self._finish(client_id)

    async def _finish(self, client_id: str) -> None:
        async with self._database.transaction() as tx:
            now: datetime = self._clock.now()
            ended = await ends.end_of_client(tx, client_id, "client_deleted", now, limit=ENDED_AT_ONCE_MAX)
            if len(ended) < ENDED_AT_ONCE_MAX:
                await repository.drop_client(tx, client_id)

    def _refuse_faults(self, client: StoredClient) -> None:
        faults = [*_faults_of_names(client), *self._faults_of_uris(client), *_faults_of_grants(client)]
        if faults:
            raise InvalidInput(fields=faults)

    def _faults_of_uris(self, client: StoredClient) -> list[FieldError]:
        faults = []
        for field in ("redirect_uris", "post_logout_redirect_uris"):
            for index, uri in enumerate(getattr(client, field)):
                if code := domain.redirect_fault(uri, client.application_type):
                    faults.append(FieldError(f"{field}[{index}]", code, "not an address to return to"))
        logout = client.backchannel_logout_uri
        if logout and (code := domain.logout_fault(logout, allow_http=self._allow_http)):
            faults.append(FieldError("backchannel_logout_uri", code, "not an address to call"))
        return faults


class OwnClients:
    """Which clients are the platform's own: for operators alone."""

    def __init__(self, database: Database, *, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def set_first_party(self, client_id: str, *, first_party: bool) -> None:
        """Say whether a client is the platform's own.

        Raises:
            NotFound: There is no such client.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if not await repository.set_first_party(tx, client_id, first_party=first_party, now=now):
                raise NotFound(f"there is no client {client_id}")
            await self._audit.done(
                tx, "client.first_party", account_id=None, client_id=client_id, first_party=first_party
            )


def _sector_of(caller: Caller, organisation_id: UUID | None) -> str:
    """Return the sector of a new client: the organisation's where the caller works for it, so that all its programs call a person alike."""
    if organisation_id and "editor" in caller.levels_in(organisation_id):
        return pairwise.sector_of_organisation(organisation_id)
    return domain.sector_of(str(caller.account_id), str(organisation_id) if organisation_id else None)


def _faults_of_names(client: StoredClient) -> list[FieldError]:
    faults = []
    for field in ("name", "developer_name"):
        text = getattr(client, field)
        if not is_visible_line(text):
            faults.append(FieldError(field, "unprintable", "nothing to see in it"))
        elif domain.is_impostor(text) and not client.first_party:
            faults.append(FieldError(field, "name_taken", "it could be taken for the platform's own"))
    return faults


def _faults_of_grants(client: StoredClient) -> list[FieldError]:
    faults = []
    is_public = client.secret_hash is None
    if AUTHORIZATION_CODE in client.grant_types and not client.redirect_uris:
        faults.append(FieldError("redirect_uris", "missing", "authorization_code needs one"))
    if CLIENT_CREDENTIALS in client.grant_types and is_public:
        faults.append(FieldError("grant_types", "not_offered", "a public client has no credentials"))
    if not client.require_pkce and is_public:
        faults.append(FieldError("require_pkce", "pkce_required", "a public client cannot do without PKCE"))
    return faults


def _seen(client: StoredClient) -> ClientSeen:
    shown = {name: getattr(client, name) for name in ClientSeen.__struct_fields__ if hasattr(client, name)}
    return ClientSeen(client_id=client.id, is_confidential=client.secret_hash is not None, **shown)
