"""Seeing, beginning and taking away links."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit, recorded
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.errors import LastWayIn
from samovar.services.auth.providers import repository
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.domain import TICKET_LIFETIME, CountryPolicy
from samovar.services.auth.providers.errors import (
    AlreadyLinked,
    LinkUnknown,
    NotFirstFactor,
    ProviderUnknown,
)
from samovar.services.auth.providers.journeys import COOKIE_PATH, check_return
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.one_time import Held, OneTimeTokens
from samovar.services.auth.providers.schemas import LinkAsked, Linked, LinkSeen, LinkStarted, signed_params
from samovar.services.auth.providers.settings import ProviderName

# A letter that tells of a change can be answered for so long (alerts).
FORMER_KEPT_FOR = timedelta(days=15)
DELETED_AT_ONCE_MAX = 1_000


class Links:
    """The links of accounts.

    Args:
        origin: Ours, for the address at which linking starts.
    """

    def __init__(
        self,
        database: Database,
        *,
        providers: Mapping[ProviderName, Provider],
        policy: CountryPolicy,
        tokens: OneTimeTokens,
        linking: Linking,
        entry: Entry,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        origin: str,
    ) -> None:
        self._database = database
        self._providers = providers
        self._policy = policy
        self._tokens = tokens
        self._linking = linking
        self._entry = entry
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._origin = origin

    async def seen(self, caller: Caller, language: Language) -> list[LinkSeen]:
        """Return the caller's links; also those to a provider that the operator has since switched off."""
        return [
            LinkSeen(
                provider=link.provider,
                title=self._title(link.provider, language),
                name=link.name,
                linked_at=link.linked_at,
                last_used_at=link.last_used_at,
            )
            for link in await repository.list_links(self._database, caller.account_id)
        ]

    async def begin(
        self, caller: Caller, name: str, asked: LinkAsked, client: Client
    ) -> LinkStarted | Linked:
        """Let the caller's browser set out to a provider, or link at once by what a messenger has signed.

        Raises:
            ProviderUnknown: It is not configured, or cannot be linked in this way.
            InvalidInput: `return_to` leads elsewhere, or a loopback address comes without a challenge.
            NotFirstFactor: It is not offered in this country at all.
            AlreadyLinked: The account has a link to this provider.
            ProviderAnswerInvalid: The signed data is forged, or not for us.
            SignedDataStale: The signed data is too old, or was used before.
            LinkTaken: The person belongs to another account.
        """
        provider = self._provider(name)
        check_return(asked.return_to, asked.code_challenge)
        signed = signed_params(asked.init_data, asked.widget)
        async with recorded(self._audit, "link.added", client, provider=provider.name) as trace:
            trace.account_id, trace.session_id = caller.account_id, caller.session_id
            decision = self._policy.decide(provider.name, asked.country)
            trace.note(country=decision.country, policy=decision.policy)
            if signed:
                identity = await provider.complete(signed, None)
                async with self._database.transaction() as tx:
                    now = self._clock.now()
                    return await self._linking.link(
                        tx, caller.account_id, caller.session_id, identity, decision, client, now
                    )
            if decision.standing == "no":
                raise NotFirstFactor(f"{name} is not offered in {decision.country}")
            if provider.kind == "signed_data":
                raise ProviderUnknown(f"{name} has no page to send a person to")
            return await self._ticket(caller, provider.name, asked)

    async def remove(self, caller: Caller, name: str, client: Client) -> None:
        """Take a link away.

        Raises:
            LinkUnknown: The account has none to this provider.
            LastWayIn: Without it nobody could sign in.
        """
        async with recorded(self._audit, "link.removed", client, provider=name[:32]) as trace:
            trace.account_id, trace.session_id = caller.account_id, caller.session_id
            async with self._database.transaction() as tx:
                now = self._clock.now()
                account = await accounts.lock_account_by_id(tx, caller.account_id)
                links = await repository.lock_links(tx, caller.account_id)
                link = next((one for one in links if one.provider == name), None)
                if account is None or link is None:
                    raise LinkUnknown(f"{caller.account_id} has no link to {name[:32]}")
                ways = await accounts.find_ways_in(tx, account.id)
                others = [one for one in links if one is not link]
                if not (ways and ways.is_open) and not self._entry.opens(others):
                    raise LastWayIn(f"{caller.account_id} has nothing but {name[:32]}")
                await repository.delete_link(tx, self._new_id(), link, now)
                await self._audit.done(
                    tx,
                    "link.removed",
                    account_id=caller.account_id,
                    session_id=caller.session_id,
                    address=client.address,
                    provider=link.provider,
                )
                await tx.publish(
                    CredentialChanged(
                        account_id=caller.account_id,
                        credential="link",
                        action="removed",
                        name=link.provider,
                        session_id=caller.session_id,
                        changed_at=now,
                    )
                )

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Let the links be again what they were just before `since`; see `alerts.rollbacks`."""
        undone = await repository.delete_links_since(tx, account_id, since)
        return undone + await repository.restore_links(tx, account_id, since)

    async def forget_former(self) -> None:
        """Delete former links that nobody can call back any more."""
        kept_from = self._clock.now() - FORMER_KEPT_FOR
        async with self._database.transaction() as tx:
            await repository.delete_former_links_before(tx, kept_from, DELETED_AT_ONCE_MAX)

    async def _ticket(self, caller: Caller, name: ProviderName, asked: LinkAsked) -> LinkStarted:
        held = Held(
            provider=name,
            mode="link",
            account_id=caller.account_id,
            country=asked.country,
            return_to=asked.return_to,
            code_challenge=asked.code_challenge,
        )
        links = await repository.list_links(self._database, caller.account_id)
        if any(link.provider == name for link in links):
            raise AlreadyLinked(f"{caller.account_id} has a link to {name}")
        async with self._database.transaction() as tx:
            now = self._clock.now()
            ticket = await self._tokens.issue(tx, "link", held, lifetime=TICKET_LIFETIME, now=now)
        query = urlencode({"mode": "link", "ticket": ticket})
        return LinkStarted(
            start_url=f"{self._origin}{COOKIE_PATH}/{name}/start?{query}",
            expires_in=int(TICKET_LIFETIME.total_seconds()),
        )

    def _provider(self, name: str) -> Provider:
        for known, provider in self._providers.items():
            if known == name:
                return provider
        raise ProviderUnknown(f"{name[:32]} is not configured")

    def _title(self, name: ProviderName, language: Language) -> str:
        provider = self._providers.get(name)
        if provider is None:
            return name
        return provider.title.ru if language == "ru" else provider.title.en
