"""What one can do with publishers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.developer.errors import AuthAway
from samovar.services.developer.publishers import repository
from samovar.services.developer.publishers.adapters import Mint, Owners
from samovar.services.developer.publishers.domain import pipeline_of, trusted_by
from samovar.services.developer.publishers.errors import (
    PipelineNotTrusted,
    PipelineTokenUsed,
    PublisherNotFound,
    TooManyPublishers,
)
from samovar.services.developer.publishers.schemas import (
    PUBLISHERS_PER_APP_MAX,
    NewPublisher,
    PipelineKey,
    Publisher,
)
from samovar.services.developer.publishers.tokens import LEEWAY_S, Tokens
from samovar.services.developer.rights import KEYS, Rights

KEY_MINUTES = 30


class Publishers:
    """Pipelines that an organisation trusts with an app, as its owners see and change them."""

    def __init__(
        self,
        database: Database,
        *,
        owners: Owners,
        mint: Mint,
        rights: Rights,
        issuers: frozenset[str],
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._owners = owners
        self._mint = mint
        self._rights = rights
        self._issuers = issuers
        self._clock = clock
        self._new_id = new_id

    async def trust(self, caller: Caller, app_id: UUID, wanted: NewPublisher) -> Publisher:
        """Trust a pipeline, in the caller's name.

        Raises:
            AuthAway: Nobody can say what its keys may do.
            CatalogAway: Nobody can say whose the app is.
            InvalidInput: The issuer is none that this platform knows, or the caller may do nothing of a part of the scope.
            PublisherNotFound: There is no such app, or the caller does not own it.
            TooManyPublishers: The app has as many as one may have.
        """
        organisation_id = await self._require(caller, app_id)
        if wanted.issuer not in self._issuers:
            known = ", ".join(sorted(self._issuers))
            raise InvalidInput(
                fields=[FieldError("issuer", "issuer_unknown", f"one of {known}", limit=known)]
            )
        publisher = Publisher(
            id=self._new_id(),
            app_id=app_id,
            organisation_id=organisation_id,
            account_id=caller.account_id,
            issuer=wanted.issuer,
            repository=wanted.repository,
            workflow=wanted.workflow,
            ref=wanted.ref,
            environment=wanted.environment,
            scope=wanted.scope,
            repository_id=None,
            created_at=self._clock.now(),
            last_used_at=None,
        )
        publisher = msgspec.structs.replace(publisher, scope=await self._mint.scope_for(publisher))
        async with self._database.transaction() as tx:
            if await repository.lock_app(tx, app_id) >= PUBLISHERS_PER_APP_MAX:
                raise TooManyPublishers(f"{app_id}", limit=PUBLISHERS_PER_APP_MAX)
            await repository.insert(tx, publisher)
        return publisher

    async def show(self, caller: Caller, app_id: UUID) -> list[Publisher]:
        """Return all that are trusted with an app, the oldest first; there are `PUBLISHERS_PER_APP_MAX` at most.

        Raises:
            CatalogAway: As `trust`, and so is `PublisherNotFound`.
        """
        organisation_id = await self._require(caller, app_id)
        return await repository.list_of_app(self._database, app_id, organisation_id, PUBLISHERS_PER_APP_MAX)

    async def distrust(self, caller: Caller, app_id: UUID, publisher_id: UUID) -> None:
        """Trust a pipeline no more. Keys that it has live for minutes, and may be ended as any other.

        Raises:
            CatalogAway: As `trust`.
            PublisherNotFound: There is no such publisher, or the caller does not own the app.
        """
        organisation_id = await self._require(caller, app_id)
        async with self._database.transaction() as tx:
            if not await repository.delete(tx, app_id, organisation_id, publisher_id):
                raise PublisherNotFound(f"{publisher_id}")

    async def _require(self, caller: Caller, app_id: UUID) -> UUID:
        organisation_id = await self._owners.organisation_of(app_id)
        if organisation_id is None or not self._rights.allow(
            caller, KEYS, "owner", organisation_id=organisation_id
        ):
            raise PublisherNotFound(f"{app_id}")
        return organisation_id


class PipelineKeys:
    """Tokens of pipelines, exchanged for keys of minutes."""

    def __init__(
        self, database: Database, *, tokens: Tokens, owners: Owners, mint: Mint, clock: Clock
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._owners = owners
        self._mint = mint
        self._clock = clock

    async def exchange(self, token: str, app_id: UUID, address: str) -> PipelineKey:
        """Return a key for whoever shows a token of a trusted pipeline; each token counts once.

        Raises:
            AuthAway: Auth does not answer; the token may be shown again.
            CatalogAway: Nobody can say whose the app is; the token may be shown again.
            IssuerAway: The keys of the issuer cannot be fetched.
            PipelineNotTrusted: Nobody of the app trusts that pipeline, or who did may publish no more.
            PipelineTokenInvalid: It is of no issuer that counts, forged, not for this platform, or has run out.
            PipelineTokenUsed: It was exchanged before.
            TooManyPipelineKeys: As many live in the name of whoever trusts it as may.
        """
        verified = await self._tokens.verify(token)
        pipeline = pipeline_of(verified.issuer, verified.claims)
        organisation_id = await self._owners.organisation_of(app_id)
        if pipeline is None or organisation_id is None:
            raise PipelineNotTrusted(f"{app_id}")
        known = await repository.list_of_app(self._database, app_id, organisation_id, PUBLISHERS_PER_APP_MAX)
        publisher = trusted_by(pipeline, known)
        if publisher is None:
            raise PipelineNotTrusted(f"{pipeline.repository} for {app_id}")
        over = datetime.fromtimestamp(verified.expires_at, UTC) + timedelta(seconds=2 * LEEWAY_S)
        async with self._database.transaction() as tx:
            if not await repository.use_token(tx, verified.issuer, verified.token_id, over):
                raise PipelineTokenUsed(verified.token_id)
            if not await repository.note_use(tx, publisher.id, pipeline.repository_id, self._clock.now()):
                raise PipelineNotTrusted(f"{pipeline.repository} is another one by now")
        try:
            return await self._mint.key_for(publisher, minutes=KEY_MINUTES, address=address)
        except AuthAway:
            async with self._database.transaction() as tx:
                await repository.free_token(tx, verified.issuer, verified.token_id)
            raise

    async def forget_old(self) -> None:
        """Forget tokens that would be refused anyway."""
        async with self._database.transaction() as tx:
            await repository.delete_old_tokens(tx, self._clock.now())
