"""The declaration of account, and `build`, the only place that builds."""

import zoneinfo
from collections.abc import Mapping

import phonenumbers

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.workers import jobs_in
from samovar.services.account.activity import api as activity_api
from samovar.services.account.activity import consumers as activity_consumers
from samovar.services.account.activity import jobs as activity_jobs
from samovar.services.account.activity.journal import Journal
from samovar.services.account.activity.use_cases import Activity
from samovar.services.account.avatars import api as avatars_api
from samovar.services.account.avatars import jobs as avatars_jobs
from samovar.services.account.avatars.pictures import Pictures
from samovar.services.account.avatars.use_cases import Avatars
from samovar.services.account.contract.events import (
    AgeLevelChanged,
    PrivacyChanged,
    ProfileChanged,
    SettingsChanged,
)
from samovar.services.account.contract.v1_pb2_grpc import (
    add_PrivacyServicer_to_server,
    add_ProfilesServicer_to_server,
)
from samovar.services.account.people import api as people_api
from samovar.services.account.people.use_cases import People
from samovar.services.account.preferences import api as preferences_api
from samovar.services.account.preferences.use_cases import Preferences
from samovar.services.account.privacy import api as privacy_api
from samovar.services.account.privacy.relations import NullRelations, Relations
from samovar.services.account.privacy.rpc import PrivacyRpc
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.privacy.use_cases import PrivacyRules
from samovar.services.account.profiles import api as profiles_api
from samovar.services.account.profiles import consumers as profiles_consumers
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
    relations = NullRelations()
    return {
        "journal": journal,
        "activity": Activity(kit.database, clock=kit.clock, kept_days=settings.activity_kept_days),
        **_people(kit, settings, arrival=arrival, journal=journal, relations=relations),
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
            kit.database, arrival=arrival, naming=naming, sights=sights, journal=journal, clock=kit.clock
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
            countries=frozenset(phonenumbers.SUPPORTED_REGIONS),
            time_zones=frozenset(zoneinfo.available_timezones()),
        ),
        "privacy_rules": PrivacyRules(
            kit.database, arrival=arrival, sights=sights, journal=journal, clock=kit.clock
        ),
        "people": People(kit.database, relations=relations, sights=sights),
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
    ),
    rpc=(
        Rpc(add_ProfilesServicer_to_server, ProfilesRpc),
        Rpc(add_PrivacyServicer_to_server, PrivacyRpc),
    ),
    consumers=(
        *consumers_in(profiles_consumers),
        *consumers_in(activity_consumers),
    ),
    jobs=(
        *jobs_in(profiles_jobs),
        *jobs_in(avatars_jobs),
        *jobs_in(activity_jobs),
    ),
    publishes=(ProfileChanged, AgeLevelChanged, PrivacyChanged, SettingsChanged),
)
