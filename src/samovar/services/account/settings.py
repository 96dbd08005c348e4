"""The settings of account: section `account`."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import ServiceSettings

DAY_S = 86_400


class AccountSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    arrival_timeout_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=3_000,
            description="How long a request of somebody who has just registered waits for the event that tells so.",
        ),
    ] = 2_000
    friends_per_account_max: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Friends of one account; counted for both when a request is accepted.",
        ),
    ] = 1_000
    friend_requests_pending_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Friend requests of one account that wait for an answer.")
    ] = 100
    friend_requests_per_day_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Friend requests that one account may send in a day.")
    ] = 50
    friend_request_ttl_s: Annotated[
        int, Meta(ge=DAY_S, description="A friend request that nobody answers for so long is closed.")
    ] = 90 * DAY_S
    friend_request_cooldown_s: Annotated[
        int,
        Meta(
            ge=0,
            le=365 * DAY_S,
            description="How long one who was declined waits before asking the same person again; "
            "it doubles with each further time, up to a year.",
        ),
    ] = 7 * DAY_S
    blocks_per_account_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Accounts that one account may block.")
    ] = 1_000
    family_size_max: Annotated[int, Meta(ge=2, le=20, description="Places of one family.")] = 6
    family_cooldown_s: Annotated[
        int,
        Meta(
            ge=0,
            description="How long a place of a family that was left stays taken, and an adult who left waits before "
            "joining another family.",
        ),
    ] = 365 * DAY_S
    family_invite_ttl_s: Annotated[
        int, Meta(ge=3_600, description="An invite to a family that nobody answers for so long is closed.")
    ] = 14 * DAY_S
    purchase_request_ttl_s: Annotated[
        int, Meta(ge=3_600, description="A child's request for a purchase waits so long for an answer.")
    ] = 7 * DAY_S
    purchase_requests_pending_max: Annotated[
        int, Meta(ge=1, le=1_000, description="Requests for purchases of one child that wait at once.")
    ] = 20
