"""What a developer says there is to achieve in a game."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.kit.text.visible import is_visible_line
from samovar.services.library.achievements import domain, repository
from samovar.services.library.achievements.domain import StatRule
from samovar.services.library.achievements.repository import DefinedAchievement, DefinedStat
from samovar.services.library.achievements.rights import DEFINE, Rights
from samovar.services.library.achievements.schemas import (
    Achievement,
    Definition,
    DefinitionShown,
    Stat,
    Texts,
    Titles,
)
from samovar.services.library.contract.achievement_events import AchievementsDefined


class Definitions:
    """The definitions of all games, each with its developer alone."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def show(self, caller: Caller, app_id: UUID) -> DefinitionShown:
        """Return the definition of a game; an empty one where nothing was said yet.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's.
            OwnerUnknown: Nobody can say whose it is.
        """
        await self._rights.require(caller, app_id, DEFINE)
        return await _shown(self._database, app_id)

    async def put(
        self, caller: Caller, app_id: UUID, wanted: Definition, if_match: str | None
    ) -> DefinitionShown:
        """Let a game have this definition. The same one again changes nothing.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's.
            InvalidInput: Something of it cannot be.
            OwnerUnknown: Nobody can say whose it is.
            PreconditionFailed: It is not what the caller has seen.
        """
        await self._rights.require(caller, app_id, DEFINE)
        _require(_faults_alone(wanted))
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.lock_definition(tx, app_id)
            before = await _shown(tx, app_id)
            require_match(if_match, before)
            achievements = await repository.list_achievements(tx, app_id)
            stats = await repository.list_stats(tx, app_id)
            _require(_faults_beside(wanted, achievements, stats))
            if (wanted.achievements, wanted.stats) == (before.achievements, before.stats):
                return before
            version = before.version + 1
            await repository.put_head(tx, app_id, version, now)
            await repository.put_achievements(tx, app_id, wanted.achievements)
            await repository.put_stats(tx, app_id, wanted.stats)
            await tx.publish(_defined(app_id, wanted.achievements, version, now))
            return await _shown(tx, app_id)


async def _shown(reader: Database | Transaction, app_id: UUID) -> DefinitionShown:
    head = await repository.find_head(reader, app_id)
    achievements = await repository.list_achievements(reader, app_id)
    stats = await repository.list_stats(reader, app_id)
    return DefinitionShown(
        achievements=[_achievement(one) for one in achievements if not one.is_retired],
        stats=[_stat(one) for one in stats if not one.is_retired],
        version=head.version if head else 0,
        changed_at=head.changed_at if head else None,
        retired=[one.key for one in achievements if one.is_retired]
        + [one.key for one in stats if one.is_retired],
    )


def _achievement(row: DefinedAchievement) -> Achievement:
    return Achievement(**{name: getattr(row, name) for name in Achievement.__struct_fields__})


def _stat(row: DefinedStat) -> Stat:
    return Stat(**{name: getattr(row, name) for name in Stat.__struct_fields__})


def _faults_alone(wanted: Definition) -> list[FieldError]:
    faults = domain.faults_of_keys([one.key for one in wanted.achievements], "achievements")
    faults += domain.faults_of_keys([one.key for one in wanted.stats], "stats")
    for place, achievement in enumerate(wanted.achievements):
        faults += _faults_of_lines(achievement.title, f"achievements[{place}].title")
        faults += _faults_of_lines(achievement.text, f"achievements[{place}].text")
    for place, stat in enumerate(wanted.stats):
        faults += _faults_of_lines(stat.title, f"stats[{place}].title")
        rule = StatRule(**{name: getattr(stat, name) for name in StatRule.__struct_fields__})
        faults += domain.faults_of_rule(rule, f"stats[{place}]")
    return faults


def _faults_of_lines(lines: Titles | Texts, field: str) -> list[FieldError]:
    return [
        FieldError(f"{field}.{language}", "unprintable", "no visible line")
        for language, line in (("ru", lines.ru), ("en", lines.en))
        if line is not None and not is_visible_line(line)
    ]


def _faults_beside(
    wanted: Definition, achievements: Sequence[DefinedAchievement], stats: Sequence[DefinedStat]
) -> list[FieldError]:
    """Return what cannot be beside what was there before."""
    limit = str(domain.KEYS_EVER_MAX)
    faults = [
        FieldError(field, "too_many_keys_ever", f"{limit} at most, retired ones too", limit=limit)
        for field, keys in (
            ("achievements", {one.key for one in wanted.achievements} | {one.key for one in achievements}),
            ("stats", {one.key for one in wanted.stats} | {one.key for one in stats}),
        )
        if len(keys) > domain.KEYS_EVER_MAX
    ]
    kinds = {one.key: one.kind for one in wanted.stats}
    return faults + domain.faults_of_kinds(kinds, {one.key: one.kind for one in stats})


def _defined(
    app_id: UUID, achievements: Sequence[Achievement], version: int, now: datetime
) -> AchievementsDefined:
    icons = {icon for one in achievements for icon in (one.icon, one.locked_icon) if icon}
    return AchievementsDefined(
        app_id=app_id,
        achievements=len(achievements),
        icons=tuple(sorted(icons)),
        version=version,
        changed_at=now,
    )


def _require(faults: Sequence[FieldError]) -> None:
    """Refuse what has faults."""
    if faults:
        raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)
