"""What players achieve, as their games and the servers of these tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.services.library.achievements import domain
from samovar.services.library.achievements import repository as definitions
from samovar.services.library.achievements.domain import StatRule, StatValue, Trust
from samovar.services.library.achievements.earning import repository
from samovar.services.library.achievements.earning.repository import KeptStat, Progress, Row
from samovar.services.library.achievements.errors import (
    AchievementByServer,
    AchievementNotFound,
    PlayedSessionNotFound,
)
from samovar.services.library.achievements.repository import DefinedStat
from samovar.services.library.achievements.rights import AWARD, DEFINE, Rights
from samovar.services.library.achievements.schemas import (
    AchievementReport,
    AchievementState,
    PlayerAchievement,
    PlayerAchievements,
    PlayerStat,
    PlayerStats,
    StatChange,
    StatChanges,
)
from samovar.services.library.collections import sorting
from samovar.services.library.contract.achievement_events import AchievementUnlocked
from samovar.services.library.errors import GameNotFound
from samovar.services.library.family import lending
from samovar.services.library.licences import owning
from samovar.services.library.play import playing

COUNTED_AT_ONCE_MAX = 50
COUNTED_EVERY = timedelta(hours=1)


class Achievements:
    """What players have achieved. Nothing of it ever goes back, whatever is told late, twice or at one moment."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def list_all(self, account_id: UUID, app_id: UUID) -> PlayerAchievements:
        """Return all achievements of a game beside what a player has of them; also of a game that is over.

        Raises:
            GameNotFound: The player never had it.
        """
        await self._require_had(account_id, app_id)
        rows = await repository.list_achievements(self._database, account_id, app_id)
        return PlayerAchievements(
            items=[_shown(row) for row in rows],
            unlocked=sum(row.unlocked_at is not None for row in rows),
            total=len(rows),
        )

    async def report(
        self, account_id: UUID, app_id: UUID, key: str, report: AchievementReport
    ) -> AchievementState:
        """Keep what a player's own game tells.

        Raises:
            AchievementByServer: The game's server alone may tell of it.
            AchievementNotFound: There is none of this key.
            GameNotFound: The player may not play the game.
        """
        async with self._database.transaction() as tx:
            return await self._keep(tx, account_id, app_id, key, report, by="client")

    async def award(
        self, caller: Caller, app_id: UUID, session_id: UUID, key: str, report: AchievementReport
    ) -> AchievementState:
        """Keep what the server of a game tells of whoever plays in a session.

        Raises:
            AchievementNotFound: There is none of this key.
            AppNotFound: The app is not the caller's.
            GameNotFound: The player may play it no longer.
            OwnerUnknown: Nobody can say whose the app is.
            PlayedSessionNotFound: There is no such session, or it has been over for too long.
        """
        await self._rights.require(caller, app_id, AWARD)
        async with self._database.transaction() as tx:
            account_id = await self._player_of(tx, app_id, session_id)
            return await self._keep(tx, account_id, app_id, key, report, by="server")

    async def list_stats(self, account_id: UUID, app_id: UUID) -> PlayerStats:
        """Return all stats of a game, as a player has them; also of a game that is over.

        Raises:
            GameNotFound: The player never had it.
        """
        await self._require_had(account_id, app_id)
        rules = await definitions.list_stats(self._database, app_id)
        return _stats_shown(rules, await repository.list_stats(self._database, account_id, app_id))

    async def change_stats(self, account_id: UUID, app_id: UUID, changes: StatChanges) -> PlayerStats:
        """Keep stats that a player's own game tells: all of them or none.

        Raises:
            GameNotFound: The player may not play the game.
            InvalidInput: A value breaks a rule, or is the server's to tell.
        """
        async with self._database.transaction() as tx:
            return await self._keep_stats(tx, account_id, app_id, changes, by="client")

    async def award_stats(
        self, caller: Caller, app_id: UUID, session_id: UUID, changes: StatChanges
    ) -> PlayerStats:
        """Keep stats that the server of a game tells of whoever plays in a session: all of them or none.

        Raises:
            AppNotFound: The app is not the caller's.
            GameNotFound: The player may play it no longer.
            InvalidInput: A value breaks a rule.
            OwnerUnknown: Nobody can say whose the app is.
            PlayedSessionNotFound: There is no such session, or it has been over for too long.
        """
        await self._rights.require(caller, app_id, AWARD)
        async with self._database.transaction() as tx:
            account_id = await self._player_of(tx, app_id, session_id)
            return await self._keep_stats(tx, account_id, app_id, changes, by="server")

    async def reset_own(self, caller: Caller, app_id: UUID) -> None:
        """Forget what a developer has achieved in a game of their own: whoever tests it begins anew, and nobody else does.

        Raises:
            AppNotFound: The app is not the caller's.
            OwnerUnknown: Nobody can say whose it is.
        """
        await self._rights.require(caller, app_id, DEFINE)
        async with self._database.transaction() as tx:
            await repository.lock_player(tx, caller.account_id, app_id)
            await repository.forget(tx, caller.account_id, app_id)

    async def _keep(
        self,
        tx: Transaction,
        account_id: UUID,
        app_id: UUID,
        key: str,
        report: AchievementReport,
        *,
        by: Trust,
    ) -> AchievementState:
        now = self._clock.now()
        await self._require_open(tx, account_id, app_id, now)
        await repository.lock_player(tx, account_id, app_id)
        achievement = await definitions.find_achievement(tx, app_id, key)
        if achievement is None or achievement.is_retired:
            raise AchievementNotFound(key)
        if achievement.trust == "server" and by == "client":
            raise AchievementByServer(key)
        target = achievement.target or 1
        known = await repository.find_progress(tx, account_id, app_id, key)
        before = known or Progress(key=key, progress=0, unlocked_at=None)
        told = target if report.progress is None else min(report.progress, target)
        progress = max(before.progress, told)
        unlocked_at = before.unlocked_at
        is_new = unlocked_at is None and progress >= target
        if is_new:
            unlocked_at = domain.believed(report.at, now, await _had_since(tx, account_id, app_id))
            await tx.publish(
                AchievementUnlocked(
                    account_id=account_id, app_id=app_id, key=key, unlocked_at=unlocked_at, told_at=now
                )
            )
        if is_new or progress > before.progress:
            kept = Progress(key=key, progress=progress, unlocked_at=unlocked_at)
            await repository.put_progress(tx, account_id, app_id, kept, now)
        return AchievementState(
            key=key,
            progress=target if unlocked_at else progress,
            target=achievement.target,
            unlocked_at=unlocked_at,
            is_new=is_new,
        )

    async def _keep_stats(
        self, tx: Transaction, account_id: UUID, app_id: UUID, changes: StatChanges, *, by: Trust
    ) -> PlayerStats:
        now = self._clock.now()
        await self._require_open(tx, account_id, app_id, now)
        await repository.lock_player(tx, account_id, app_id)
        rules = await definitions.list_stats(tx, app_id)
        kept = {one.key: one for one in await repository.list_stats(tx, account_id, app_id)}
        known = {one.key: one for one in rules if not one.is_retired}
        faults = domain.faults_of_keys([one.key for one in changes.stats], "stats")
        changed: list[KeptStat] = []
        for place, change in enumerate(changes.stats):
            after = _changed(known.get(change.key), kept.get(change.key), change, changes, place, by)
            if isinstance(after, FieldError):
                faults.append(after)
            else:
                fields = {name: getattr(after, name) for name in StatValue.__struct_fields__}
                changed.append(KeptStat(key=change.key, **fields))
        if faults:
            raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)
        await repository.put_stats(tx, account_id, app_id, changed, now)
        return _stats_shown(rules, [*(kept | {one.key: one for one in changed}).values()])

    async def _player_of(self, tx: Transaction, app_id: UUID, session_id: UUID) -> UUID:
        account_id = await playing.player_of(tx, app_id, session_id, self._clock.now() - domain.SESSION_AGE)
        if account_id is None:
            raise PlayedSessionNotFound(f"{session_id}")
        return account_id

    async def _require_had(self, account_id: UUID, app_id: UUID) -> None:
        async with self._database.transaction() as tx:
            if not await sorting.had(tx, account_id, [app_id]):
                raise GameNotFound(f"{app_id}")

    async def _require_open(self, tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> None:
        if await owning.opened(tx, account_id, [app_id], now):
            return
        if not await lending.is_lent(tx, account_id, app_id, now):
            raise GameNotFound(f"{app_id}")


class Rarity:
    """How rare achievements are, among all who have played their games."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def count(self) -> None:
        """Count how many have what, of all games that were not counted for an hour."""
        counted = COUNTED_AT_ONCE_MAX
        while counted == COUNTED_AT_ONCE_MAX:
            now = self._clock.now()
            async with self._database.transaction() as tx:
                counted = await repository.count_some(tx, now - COUNTED_EVERY, now, COUNTED_AT_ONCE_MAX)


async def _had_since(tx: Transaction, account_id: UUID, app_id: UUID) -> datetime | None:
    """Return since when the player has had the game; none where the family lends it."""
    periods = await owning.periods(tx, account_id, app_id)
    return min((begun_at for begun_at, _ in periods), default=None)


def _changed(
    rule: DefinedStat | None,
    kept: StatValue | None,
    change: StatChange,
    changes: StatChanges,
    place: int,
    by: Trust,
) -> StatValue | FieldError:
    field = f"stats[{place}]"
    if rule is None:
        return FieldError(f"{field}.key", "stat_unknown", "the game has no such stat")
    if rule.trust == "server" and by == "client":
        return FieldError(f"{field}.key", "stat_by_server", "the game's server alone may tell of it")
    rules = StatRule(**{name: getattr(rule, name) for name in StatRule.__struct_fields__})
    if rule.kind == "avgrate":
        return domain.add_to_rate(rules, kept, change.count, change.length_s, changes.update_id, field)
    return domain.set_value(rules, kept, change.value, field)


def _shown(row: Row) -> PlayerAchievement:
    has_it = row.unlocked_at is not None
    icon = row.icon if has_it else row.locked_icon or row.icon
    target = row.target or 1
    return PlayerAchievement(
        key=row.key,
        title=row.title,
        text=row.text if has_it or not row.is_hidden else None,
        icon_url=f"/v1/media/{icon}" if icon else None,
        is_hidden=row.is_hidden,
        target=row.target,
        progress=target if has_it else min(row.progress, target),
        unlocked_at=row.unlocked_at,
        rarity_percent=domain.percent(row.unlocked_players, row.players),
    )


def _stats_shown(rules: Sequence[DefinedStat], kept: Sequence[KeptStat]) -> PlayerStats:
    values = {one.key: one.value for one in kept}
    return PlayerStats(
        items=[
            PlayerStat(
                key=rule.key,
                title={"ru": rule.title.ru} | ({"en": rule.title.en} if rule.title.en else {}),
                kind=rule.kind,
                value=values.get(rule.key, rule.initial),
            )
            for rule in rules
            if not rule.is_retired
        ]
    )
