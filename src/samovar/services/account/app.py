"""The declaration of account, and `build`, the only place that builds."""

from collections.abc import Mapping
from datetime import timedelta

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.workers import jobs_in
from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountUnblocked,
    AgeLevelChanged,
    FriendRequestClosed,
    FriendRequested,
    FriendshipBegun,
    FriendshipEnded,
    ProfileChanged,
)
from samovar.services.account.contract.family_events import (
    ChildLimitsChanged,
    FamilyCreated,
    FamilyInviteClosed,
    FamilyMemberInvited,
    FamilyMemberJoined,
    FamilyMemberLeft,
    FamilyMemberRoleChanged,
    PlayTimeRequestDecided,
    PlayTimeRequested,
    PurchaseRequestApproved,
    PurchaseRequestClosed,
    PurchaseRequested,
)
from samovar.services.account.contract.v1_pb2_grpc import (
    add_FamiliesServicer_to_server,
    add_FriendsServicer_to_server,
    add_ProfilesServicer_to_server,
)
from samovar.services.account.family import api as family_api
from samovar.services.account.family import consumers as family_consumers
from samovar.services.account.family import jobs as family_jobs
from samovar.services.account.family.domain import FamilyRules
from samovar.services.account.family.limits import api as limits_api
from samovar.services.account.family.limits.use_cases import Limits
from samovar.services.account.family.requests import api as family_requests_api
from samovar.services.account.family.requests import jobs as family_requests_jobs
from samovar.services.account.family.requests.use_cases import FamilyRequests
from samovar.services.account.family.rpc import FamiliesRpc
from samovar.services.account.family.use_cases import Families, Invites
from samovar.services.account.friends import api as friends_api
from samovar.services.account.friends import jobs as friends_jobs
from samovar.services.account.friends.domain import FriendLimits
from samovar.services.account.friends.pairs import Pairs
from samovar.services.account.friends.rpc import FriendsRpc
from samovar.services.account.friends.use_cases import Blocks, FriendRequests, Friends
from samovar.services.account.profiles import api as profiles_api
from samovar.services.account.profiles import consumers as profiles_consumers
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.rpc import ProfilesRpc
from samovar.services.account.profiles.use_cases import Profiles
from samovar.services.account.settings import AccountSettings


async def build(kit: Kit, settings: AccountSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    arrival = Arrival(kit.database, clock=kit.clock, timeout_ms=settings.arrival_timeout_ms)
    return {
        **_profiles(kit, arrival),
        **_friends(kit, settings, arrival),
        **_family(kit, settings),
        "database": kit.database,
    }


def _profiles(kit: Kit, arrival: Arrival) -> dict[str, object]:
    return {"profiles": Profiles(kit.database, arrival=arrival, clock=kit.clock)}


def _friends(kit: Kit, settings: AccountSettings, arrival: Arrival) -> dict[str, object]:
    pairs = Pairs(kit.database, arrival=arrival)
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


def _family(kit: Kit, settings: AccountSettings) -> dict[str, object]:
    rules = FamilyRules(
        size=settings.family_size_max,
        cooldown=timedelta(seconds=settings.family_cooldown_s),
        invite_ttl=timedelta(seconds=settings.family_invite_ttl_s),
    )
    return {
        "families": Families(kit.database, rules=rules, clock=kit.clock, new_id=kit.new_id),
        "family_invites": Invites(kit.database, rules=rules, clock=kit.clock, new_id=kit.new_id),
        "child_limits": Limits(kit.database, clock=kit.clock),
        "family_requests": FamilyRequests(
            kit.database,
            purchase_ttl=timedelta(seconds=settings.purchase_request_ttl_s),
            pending_max=settings.purchase_requests_pending_max,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }


service = Service(
    name="account",
    summary="Profiles, settings, activity history, friends and verified contacts of people",
    package=__package__,
    settings=AccountSettings,
    build=build,
    routes=(
        *routes_in(profiles_api),
        *routes_in(friends_api),
        *routes_in(family_api),
        *routes_in(limits_api),
        *routes_in(family_requests_api),
    ),
    rpc=(
        Rpc(add_ProfilesServicer_to_server, ProfilesRpc),
        Rpc(add_FriendsServicer_to_server, FriendsRpc),
        Rpc(add_FamiliesServicer_to_server, FamiliesRpc),
    ),
    consumers=(*consumers_in(profiles_consumers), *consumers_in(family_consumers)),
    jobs=(*jobs_in(friends_jobs), *jobs_in(family_jobs), *jobs_in(family_requests_jobs)),
    publishes=(
        ProfileChanged,
        AgeLevelChanged,
        FriendRequested,
        FriendRequestClosed,
        FriendshipBegun,
        FriendshipEnded,
        AccountBlocked,
        AccountUnblocked,
        FamilyCreated,
        FamilyMemberInvited,
        FamilyInviteClosed,
        FamilyMemberJoined,
        FamilyMemberLeft,
        FamilyMemberRoleChanged,
        ChildLimitsChanged,
        PlayTimeRequested,
        PlayTimeRequestDecided,
        PurchaseRequested,
        PurchaseRequestApproved,
        PurchaseRequestClosed,
    ),
)
