"""The settings of account: section `account`."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import ServiceSettings


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
    name_cooldown_days: Annotated[
        int,
        Meta(ge=0, le=365, description="How long a unique name must be worn before another one is taken."),
    ] = 30
    name_kept_days: Annotated[
        int,
        Meta(
            ge=0,
            le=3_650,
            description="How long a name that was given up is kept from others, so that nobody is taken for its owner.",
        ),
    ] = 90
    activity_kept_days: Annotated[
        int, Meta(ge=1, le=3_650, description="How long the activity history goes back.")
    ] = 180
