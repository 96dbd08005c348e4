"""The settings of notification: section `notification`."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import ServiceSettings


class NotificationSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    kept_days: Annotated[
        int,
        Meta(
            ge=45,
            le=3_650,
            description="How long an inbox goes back; longer than any event can come again, so that nothing is told twice.",
        ),
    ] = 180
    inbox_max: Annotated[
        int,
        Meta(
            ge=10, le=10_000, description="How many notifications a person has at most; the oldest give way."
        ),
    ] = 1_000
    news_days: Annotated[
        int,
        Meta(
            ge=1,
            le=45,
            description="What is older when it is heard of is no news, and nobody is told.",
        ),
    ] = 14
    waiting_max: Annotated[
        int,
        Meta(
            ge=0,
            le=900,
            description="How many clients may wait in one process for their count to change; more are answered at once.",
        ),
    ] = 256
