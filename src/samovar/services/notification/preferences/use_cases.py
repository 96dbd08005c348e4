"""What one can do with one's preferences."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rest.etags import require_match
from samovar.services.notification.domain import ALWAYS_TOLD, CATEGORIES
from samovar.services.notification.preferences import repository
from samovar.services.notification.preferences.schemas import (
    CategoryPreference,
    NotificationPreferences,
    WantedPreferences,
)


class Preferences:
    """Of what people want to be told."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, account_id: UUID) -> NotificationPreferences:
        """Return one's preferences."""
        return _shown(await repository.list_muted(self._database, account_id))

    async def change(
        self, account_id: UUID, wanted: WantedPreferences, *, if_match: str | None
    ) -> NotificationPreferences:
        """Change one's preferences; what was told before stays.

        Raises:
            InvalidInput: A category stands there twice, or cannot be muted.
            PreconditionFailed: They are no longer what the client has seen.
        """
        _check(wanted)
        muted = sorted(one.category for one in wanted.categories if not one.inbox)
        async with self._database.transaction() as tx:
            await repository.lock(tx, account_id)
            before = await repository.list_muted(tx, account_id)
            require_match(if_match, _shown(before))
            await repository.put_muted(tx, account_id, muted, self._clock.now())
        return _shown(muted)


def _check(wanted: WantedPreferences) -> None:
    times = Counter(one.category for one in wanted.categories)
    faults = [
        FieldError(f"categories[{place}].category", "repeated", "each category once")
        for place, one in enumerate(wanted.categories)
        if times[one.category] > 1
    ] + [
        FieldError(f"categories[{place}].inbox", "category_fixed", "this is told always")
        for place, one in enumerate(wanted.categories)
        if one.category in ALWAYS_TOLD and not one.inbox
    ]
    if faults:
        raise InvalidInput(fields=faults)


def _shown(muted: Collection[str]) -> NotificationPreferences:
    return NotificationPreferences(
        [
            CategoryPreference(
                category=category,
                inbox=category in ALWAYS_TOLD or category not in muted,
                is_fixed=category in ALWAYS_TOLD,
            )
            for category in CATEGORIES
        ]
    )
