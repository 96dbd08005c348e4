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
