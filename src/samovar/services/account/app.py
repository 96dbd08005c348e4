"""The declaration of account, and `build`, the only place that builds."""

import secrets
import zoneinfo
from collections.abc import Mapping
from datetime import timedelta
from importlib import resources

import msgspec

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.messages.phone import PhoneGateway
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.text.countries import COUNTRIES
from samovar.kit.workers import jobs_in
from samovar.services.account import consumers, contract
from samovar.services.account.activity import api as activity_api
from samovar.services.account.activity import consumers as activity_consumers
from samovar.services.account.activity import jobs as activity_jobs
from samovar.services.account.activity.journal import Journal
from samovar.services.account.activity.use_cases import Activity
from samovar.services.account.avatars import api as avatars_api
from samovar.services.account.avatars import jobs as avatars_jobs
from samovar.services.account.avatars.pictures import Pictures
from samovar.services.account.avatars.use_cases import Avatars
from samovar.services.account.consents import api as consents_api
from samovar.services.account.consents.texts import Texts
from samovar.services.account.consents.use_cases import Ledger
from samovar.services.account.contacts import api as contacts_api
from samovar.services.account.contacts import jobs as contacts_jobs
from samovar.services.account.contacts.codes import Codes
from samovar.services.account.contacts.directory import Directory
from samovar.services.account.contacts.letters import Letters
from samovar.services.account.contacts.pacing import Pacing
from samovar.services.account.contacts.use_cases import Confirmation, Verification
from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountErased,
    AccountUnblocked,
    AgeLevelChanged,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactVerified,
    FriendRequestClosed,
    FriendRequested,
    FriendshipBegun,
    FriendshipEnded,
    PrivacyChanged,
    ProfileChanged,
    SettingsChanged,
)
from samovar.services.account.contract.family_events import FAMILY_EVENTS
from samovar.services.account.contract.v1_pb2_grpc import (
    add_FamiliesServicer_to_server,
    add_FriendsServicer_to_server,
    add_PrivacyServicer_to_server,
    add_ProfilesServicer_to_server,
)
from samovar.services.account.family import api as family_api
from samovar.services.account.family import consumers as family_consumers
from samovar.services.account.family import jobs as family_jobs
from samovar.services.account.family.domain import FamilyRules
from samovar.services.account.family.limits import api as limits_api
from samovar.services.account.family.limits.domain import THIS_MACHINE
from samovar.services.account.family.limits.use_cases import Limits
from samovar.services.account.family.requests import api as family_requests_api
from samovar.services.account.family.requests import jobs as family_requests_jobs
from samovar.services.account.family.requests.adapters import Store
from samovar.services.account.family.requests.use_cases import FamilyRequests
from samovar.services.account.family.rpc import FamiliesRpc
from samovar.services.account.family.use_cases import Families, Invites
from samovar.services.account.friends import api as friends_api
from samovar.services.account.friends import jobs as friends_jobs
from samovar.services.account.friends.domain import FriendLimits
from samovar.services.account.friends.pairs import Pairs
from samovar.services.account.friends.rpc import FriendsRpc
from samovar.services.account.friends.suggestions import api as suggestions_api
from samovar.services.account.friends.suggestions.use_cases import Suggestions
from samovar.services.account.friends.ties import FriendTies
from samovar.services.account.friends.use_cases import Blocks, FriendRequests, Friends
from samovar.services.account.holdings import HOLDINGS
from samovar.services.account.people import api as people_api
from samovar.services.account.people.use_cases import People
from samovar.services.account.personal_data import api as personal_data_api
from samovar.services.account.personal_data import consumers as personal_data_consumers
from samovar.services.account.personal_data import jobs as personal_data_jobs
from samovar.services.account.personal_data.adapters import Services
from samovar.services.account.personal_data.domain import LINK_TTL, all_services
from samovar.services.account.personal_data.letters import Letters as DataLetters
from samovar.services.account.personal_data.links import Links
from samovar.services.account.personal_data.use_cases import Requests, Saga
from samovar.services.account.preferences import api as preferences_api
from samovar.services.account.preferences.use_cases import Preferences
from samovar.services.account.privacy import api as privacy_api
from samovar.services.account.privacy.relations import Relations
from samovar.services.account.privacy.rpc import PrivacyRpc
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.privacy.use_cases import PrivacyRules
from samovar.services.account.profiles import api as profiles_api
from samovar.services.account.profiles import jobs as profiles_jobs
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.naming import Naming
from samovar.services.account.profiles.rpc import ProfilesRpc
from samovar.services.account.profiles.use_cases import Profiles
from samovar.services.account.settings import AccountSettings


async def build(kit: Kit, settings: AccountSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    arrival = Arrival(kit.database, clock=kit.clock, timeout_ms=settings.arrival_timeout_ms)
    journal = Journal(clock=kit.clock, new_id=kit.new_id)
    relations = FriendTies()
    return {
        "journal": journal,
        "activity": Activity(kit.database, clock=kit.clock, kept_days=settings.activity_kept_days),
        **_people(kit, settings, arrival=arrival, journal=journal, relations=relations),
        **_friends(kit, settings, arrival, journal),
        **_family(kit, settings, journal),
        **_contacts(kit, settings, arrival, journal),
        **await _consents(kit, settings),
        **_personal_data(kit, settings, journal),
        "database": kit.database,
    }


def _people(
    kit: Kit, settings: AccountSettings, *, arrival: Arrival, journal: Journal, relations: Relations
) -> dict[str, object]:
    """Build profiles, pictures, settings, privacy and search."""
    sights = Sights(relations)
    naming = Naming(
        clock=kit.clock, cooldown_days=settings.name_cooldown_days, kept_days=settings.name_kept_days
    )
    return {
        "profiles": Profiles(
            kit.database,
            arrival=arrival,
            directory=Directory(kit.database),
            naming=naming,
            sights=sights,
            journal=journal,
            clock=kit.clock,
        ),
        "avatars": Avatars(
            kit.database,
            arrival=arrival,
            pictures=kit.closing.enter_context(Pictures()),
            journal=journal,
            clock=kit.clock,
        ),
        "preferences": Preferences(
            kit.database,
            arrival=arrival,
            journal=journal,
            clock=kit.clock,
            countries=COUNTRIES,
            time_zones=frozenset(zoneinfo.available_timezones() - {THIS_MACHINE}),
        ),
        "privacy_rules": PrivacyRules(
            kit.database, arrival=arrival, sights=sights, journal=journal, clock=kit.clock
        ),
        "people": People(kit.database, relations=relations, sights=sights),
        "suggestions": Suggestions(kit.database, sights=sights),
    }


def _contacts(kit: Kit, settings: AccountSettings, arrival: Arrival, journal: Journal) -> dict[str, object]:
    gateway_url = kit.platform.phone_gateway_url
    codes = Codes(settings.code_secret, secrets.randbelow)
    letters = Letters(kit.outgoing, Catalogue.load([resources.files(__package__) / "locale"]))
    return {
        "verification": Verification(
            kit.database,
            settings=settings,
            codes=codes,
            pacing=Pacing(kit.limits, settings),
            arrival=arrival,
            letters=letters,
            clock=kit.clock,
        ),
        "confirmation": Confirmation(
            kit.database,
            codes=codes,
            phones=PhoneGateway(gateway_url) if gateway_url else None,
            letters=letters,
            journal=journal,
            clock=kit.clock,
        ),
    }


def _friends(kit: Kit, settings: AccountSettings, arrival: Arrival, journal: Journal) -> dict[str, object]:
    pairs = Pairs(kit.database, arrival=arrival, journal=journal)
    limits = FriendLimits(
        friends=settings.friends_per_account_max,
        outgoing=settings.friend_requests_pending_max,
        requests_per_day=settings.friend_requests_per_day_max,
        blocks=settings.blocks_per_account_max,
        cooldown=timedelta(seconds=settings.friend_request_cooldown_s),
    )
    friend_requests = FriendRequests(
        kit.database,
        pairs=pairs,
        limits=limits,
        ttl=timedelta(seconds=settings.friend_request_ttl_s),
        clock=kit.clock,
        new_id=kit.new_id,
    )
    return {
        "friend_requests": friend_requests,
        "friends": Friends(kit.database, pairs=pairs, clock=kit.clock),
        "blocks": Blocks(kit.database, pairs=pairs, limits=limits, clock=kit.clock),
    }


def _family(kit: Kit, settings: AccountSettings, journal: Journal) -> dict[str, object]:
    rules = FamilyRules(
        size=settings.family_size_max,
        cooldown=timedelta(seconds=settings.family_cooldown_s),
        invite_ttl=timedelta(seconds=settings.family_invite_ttl_s),
    )
    return {
        "families": Families(kit.database, rules=rules, journal=journal, clock=kit.clock, new_id=kit.new_id),
        "family_invites": Invites(
            kit.database, rules=rules, journal=journal, clock=kit.clock, new_id=kit.new_id
        ),
        "child_limits": Limits(kit.database, journal=journal, clock=kit.clock),
        "family_requests": FamilyRequests(
            kit.database,
            store=Store(kit.peers),
            purchase_ttl=timedelta(seconds=settings.purchase_request_ttl_s),
            pending_max=settings.purchase_requests_pending_max,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }


async def _consents(kit: Kit, settings: AccountSettings) -> dict[str, object]:
    folder = settings.consent_texts or resources.files(__package__) / "consents" / "wording"
    texts = Texts.load(folder)
    await texts.publish(kit.database, kit.clock)
    return {"ledger": Ledger(kit.database, texts=texts, clock=kit.clock)}


def _personal_data(kit: Kit, settings: AccountSettings, journal: Journal) -> dict[str, object]:
    known = msgspec.json.decode((resources.files(contract) / "services.json").read_bytes(), type=list[str])
    # The web client is reached, but keeps nothing and answers no gRPC.
    addressed = (name for name, address in kit.platform.addresses.items() if address.rpc)
    letters = DataLetters(kit.outgoing, Catalogue.load([resources.files(__package__) / "locale"]))
    return {
        "requests": Requests(
            kit.database,
            services=settings.data_services or all_services(known, addressed),
            grace=timedelta(seconds=settings.erasure_grace_s),
            links=Links(settings.code_secret, origin=kit.platform.origin, ttl=LINK_TTL),
            letters=letters,
            journal=journal,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
        "saga": Saga(kit.database, services=Services(kit.peers), letters=letters, clock=kit.clock),
    }


service = Service(
    name="account",
    summary="Profiles, settings, activity history, friends and verified contacts of people",
    package=__package__,
    settings=AccountSettings,
    build=build,
    routes=(
        *routes_in(profiles_api),
        *routes_in(avatars_api),
        *routes_in(preferences_api),
        *routes_in(privacy_api),
        *routes_in(activity_api),
        *routes_in(people_api),
        *routes_in(friends_api),
        *routes_in(suggestions_api),
        *routes_in(contacts_api),
        *routes_in(consents_api),
        *routes_in(personal_data_api),
        *routes_in(family_api),
        *routes_in(limits_api),
        *routes_in(family_requests_api),
    ),
    rpc=(
        Rpc(add_ProfilesServicer_to_server, ProfilesRpc),
        Rpc(add_PrivacyServicer_to_server, PrivacyRpc),
        Rpc(add_FriendsServicer_to_server, FriendsRpc),
        Rpc(add_FamiliesServicer_to_server, FamiliesRpc),
    ),
    consumers=(
        *consumers_in(consumers),
        *consumers_in(activity_consumers),
        *consumers_in(personal_data_consumers),
        *consumers_in(family_consumers),
    ),
    jobs=(
        *jobs_in(profiles_jobs),
        *jobs_in(avatars_jobs),
        *jobs_in(activity_jobs),
        *jobs_in(friends_jobs),
        *jobs_in(family_jobs),
        *jobs_in(family_requests_jobs),
        *jobs_in(contacts_jobs),
        *jobs_in(personal_data_jobs),
    ),
    publishes=(
        ProfileChanged,
        AgeLevelChanged,
        PrivacyChanged,
        SettingsChanged,
        FriendRequested,
        FriendRequestClosed,
        FriendshipBegun,
        FriendshipEnded,
        AccountBlocked,
        AccountUnblocked,
        *FAMILY_EVENTS,
        ContactVerified,
        ContactRemoved,
        ConsentGiven,
        ConsentWithdrawn,
        AccountErased,
    ),
    sends_messages=True,
    personal_data=HOLDINGS,
)
