"""What one can do with play sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.library.contract.play_events import PlaySessionEnded
from samovar.services.library.errors import GameNotFound, NotOut
from samovar.services.library.family import lending
from samovar.services.library.licences import owning
from samovar.services.library.play import domain, repository
from samovar.services.library.play.domain import Covered, EndReason, OfflinePlay, Session
from samovar.services.library.play.errors import (
    PlaySessionNotFound,
    PlaySessionOver,
    SharedGameInUse,
    TooManyPlaySessions,
)
from samovar.services.library.play.repository import EndedSession
from samovar.services.library.play.schemas import (
    NewPlaySession,
    OfflineAnswer,
    OfflineBatch,
    PlaySessionState,
)

ENDED_AT_ONCE_MAX = 500
FORGOTTEN_AT_ONCE_MAX = 5_000


class PlaySessions:
    """The play sessions of all players. A session that is not ended by its client ends at its last heartbeat."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def start(
        self, account_id: UUID, app_id: UUID, new: NewPlaySession, *, must_wait: bool = False
    ) -> PlaySessionState:
        """Begin a session; the one that the device has of this game ends. Sent again under its name, it is the same one.

        Args:
            account_id: Who plays.
            app_id: What.
            new: The session.
            must_wait: The game is not out, and the account not one of its developers: only what an operator has given is opened.

        Raises:
            GameNotFound: No licence opens the game.
            InvalidInput: The name belongs to another session.
            NotOut: It is not out yet.
            SharedGameInUse: It is the family's, and as many play it as own it.
            TooManyPlaySessions: Too many run at this moment.
        """
        now = domain.to_second(self._clock.now())
        session_id = self._new_id()
        name = new.client_session_id or session_id
        async with self._database.transaction() as tx:
            await repository.lock_player(tx, account_id)
            known = await repository.find_named(tx, account_id, [name])
            if known:
                return _repeated(known[0], app_id, new.device_id)
            await self._require_open(tx, account_id, app_id)
            if must_wait:
                await _require_early(tx, account_id, app_id, now)
            live = await repository.list_live(tx, account_id)
            replaced = [one for one in live if (one.app_id, one.device_id) == (app_id, new.device_id)]
            silent = [one for one in live if one not in replaced and one.is_silent(now)]
            if len(live) - len(replaced) - len(silent) >= domain.LIVE_MAX:
                raise TooManyPlaySessions(f"{len(live)} at one time")
            await _end(tx, replaced, "replaced")
            await _end(tx, silent, "silent")
            session = Session(
                id=session_id,
                account_id=account_id,
                app_id=app_id,
                device_id=new.device_id,
                client_session_id=name,
                is_offline=False,
                started_at=now,
                last_beat_at=now,
                last_seq=0,
                ended_at=None,
                end_reason=None,
            )
            await repository.open_entry(tx, account_id, app_id)
            await repository.insert(tx, [session])
        return PlaySessionState.of(session)

    async def beat(
        self, account_id: UUID, app_id: UUID, session_id: UUID, seq: int | None
    ) -> PlaySessionState:
        """Count the time since the last heartbeat. One that comes late, after another with a greater number, changes nothing.

        Raises:
            PlaySessionNotFound: The account has no such session of this game.
            PlaySessionOver: It has ended before, or has just found out that it has.
        """
        now = self._clock.now()
        at = domain.to_second(now)
        async with self._database.transaction() as tx:
            # A heartbeat that is lost with the machine is made good by the next one: it need not wait for the disk.
            await repository.lock_player_lightly(tx, account_id)
            session = await repository.beat_at_once(
                tx,
                account_id,
                app_id,
                session_id,
                seq=seq,
                at=at,
                heard_since=at - timedelta(seconds=domain.SILENT_AFTER_S),
                now=now,
            )
            if session is None:
                await repository.commit_durably(tx)
                session = await self._count(tx, account_id, app_id, session_id, seq)
        if session.ended_at is not None:
            raise PlaySessionOver(f"{session.end_reason}")
        return PlaySessionState.of(session)

    async def end(self, account_id: UUID, app_id: UUID, session_id: UUID) -> PlaySessionState:
        """End a session; one that is over stays as it is.

        Raises:
            PlaySessionNotFound: The account has no such session of this game.
        """
        async with self._database.transaction() as tx:
            session = await self._count(tx, account_id, app_id, session_id, None)
            if session.ended_at is None:
                (session,) = await _end(tx, [session], "ended")
        return PlaySessionState.of(session)

    async def add_offline(
        self, account_id: UUID, app_id: UUID, batch: OfflineBatch, *, must_wait: bool = False
    ) -> OfflineAnswer:
        """Count what was played without us; what is known already is not counted again. All of it or nothing.

        Args:
            account_id: Who has played.
            app_id: What.
            batch: When.
            must_wait: As `start` takes it.

        Raises:
            GameNotFound: The account never had the game.
            InvalidInput: Something of it cannot be true.
            NotOut: The game is not out yet.
        """
        now = self._clock.now()
        plays = [
            OfflinePlay(
                client_session_id=one.client_session_id, started_at=one.started_at, ended_at=one.ended_at
            )
            for one in batch.sessions
        ]
        async with self._database.transaction() as tx:
            await repository.lock_player(tx, account_id)
            covered = [Covered(*period) for period in await owning.periods(tx, account_id, app_id)]
            if not covered:
                raise GameNotFound(f"{app_id}")
            if must_wait:
                await _require_early(tx, account_id, app_id, now)
            named = await repository.find_named(tx, account_id, [play.client_session_id for play in plays])
            known = {one.client_session_id: one for one in named}
            _require(_misnamed(plays, known, app_id, batch.device_id))
            earlier = await repository.list_of_device(
                tx, account_id, batch.device_id, now - timedelta(days=domain.OFFLINE_AGE_DAYS_MAX)
            )
            new = [play for play in plays if play.client_session_id not in known]
            _require(
                _placed(domain.faults_of_offline(new, earlier=earlier, covered=covered, now=now), new, plays)
            )
            await self._keep_offline(tx, account_id, app_id, batch.device_id, new)
            total_s = await repository.total_s(tx, account_id, app_id)
        return OfflineAnswer(accepted=len(new), repeated=len(plays) - len(new), play_minutes=total_s // 60)

    async def end_silent(self) -> None:
        """End all sessions that have been quiet for too long."""
        while await self._end_some() == ENDED_AT_ONCE_MAX:
            pass

    async def end_unlicensed(self, tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> None:
        """End the sessions of these apps that no licence opens any more."""
        await repository.lock_player(tx, account_id)
        live = [one for one in await repository.list_live(tx, account_id) if one.app_id in app_ids]
        opened = await owning.opened(tx, account_id, list({one.app_id for one in live}), self._clock.now())
        await _end(tx, [one for one in live if one.app_id not in opened], "licence_over")

    async def forget_old(self) -> None:
        """Forget sessions that ended so long ago that nothing can refer to them; the time that they counted stays."""
        before = self._clock.now() - timedelta(days=domain.KEPT_DAYS)
        forgotten = FORGOTTEN_AT_ONCE_MAX
        while forgotten == FORGOTTEN_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                forgotten = await repository.forget(tx, before, FORGOTTEN_AT_ONCE_MAX)

    async def bring(self, account_id: UUID, app_ids: Sequence[UUID], minutes: int) -> None:
        """Note how long an account had played apps before they were counted here; said again, the last word holds.

        Raises:
            InvalidInput: That is no time.
        """
        if not 0 <= minutes <= domain.BROUGHT_MINUTES_MAX:
            limit = str(domain.BROUGHT_MINUTES_MAX)
            _require([FieldError("minutes", "play_minutes_range", f"0 to {limit}", limit=limit)])
        async with self._database.transaction() as tx:
            await repository.lock_player(tx, account_id)
            await repository.bring(tx, account_id, app_ids, minutes * 60)

    async def played_since(
        self, account_id: UUID, app_ids: Sequence[UUID], since: Sequence[datetime]
    ) -> list[int]:
        """Return how many seconds an account has played each app since the moment beside it."""
        return await repository.played_since(self._database, account_id, app_ids, since)

    async def _count(
        self, tx: Transaction, account_id: UUID, app_id: UUID, session_id: UUID, seq: int | None
    ) -> Session:
        """Count what a session has run since its last heartbeat, or end it there; return it as it is now."""
        now = domain.to_second(self._clock.now())
        await repository.lock_player(tx, account_id)
        session = await repository.find(tx, session_id)
        if session is None or (session.account_id, session.app_id) != (account_id, app_id):
            raise PlaySessionNotFound(f"{session_id}")
        if session.ended_at is not None or (seq is not None and seq <= session.last_seq):
            return session
        if session.is_silent(now):
            return (await _end(tx, [session], "silent"))[0]
        if not await self._is_open(tx, session):
            return (await _end(tx, [session], "licence_over"))[0]
        beaten = msgspec.structs.replace(
            session, last_beat_at=max(now, session.last_beat_at), last_seq=seq or session.last_seq
        )
        if session.last_beat_at < beaten.last_beat_at:
            await repository.add_span(tx, account_id, app_id, session.last_beat_at, beaten.last_beat_at)
        await repository.beat(tx, session.id, beaten.last_beat_at, beaten.last_seq)
        return beaten

    async def _require_open(self, tx: Transaction, account_id: UUID, app_id: UUID) -> None:
        now = self._clock.now()
        if await owning.opened(tx, account_id, [app_id], now):
            return
        answer = await lending.ask(tx, account_id, app_id, now=now, silent_after_s=domain.SILENT_AFTER_S)
        if answer == "nobody_has_it":
            raise GameNotFound(f"{app_id}")
        if answer == "in_use":
            raise SharedGameInUse(f"{app_id}")

    async def _is_open(self, tx: Transaction, session: Session) -> bool:
        """Return whether the account may go on: by a licence of its own, or one of its family that is free."""
        now = self._clock.now()
        if await owning.opened(tx, session.account_id, [session.app_id], now):
            return True
        answer = await lending.ask(
            tx,
            session.account_id,
            session.app_id,
            now=now,
            silent_after_s=domain.SILENT_AFTER_S,
            begun_at=session.started_at,
        )
        return answer == "lent"

    async def _keep_offline(
        self, tx: Transaction, account_id: UUID, app_id: UUID, device_id: str, new: Sequence[OfflinePlay]
    ) -> None:
        plays = [domain.cut(play, self._clock.now()) for play in new]
        sessions = [
            Session(
                id=self._new_id(),
                account_id=account_id,
                app_id=app_id,
                device_id=device_id,
                client_session_id=play.client_session_id,
                is_offline=True,
                started_at=play.started_at,
                last_beat_at=max(play.started_at, play.ended_at),
                last_seq=0,
                ended_at=None,
                end_reason=None,
            )
            for play in plays
        ]
        await repository.open_entry(tx, account_id, app_id)
        await repository.insert(tx, sessions)
        for session in sessions:
            if session.played_s:
                await repository.add_span(tx, account_id, app_id, session.started_at, session.last_beat_at)
        if sessions:
            begun_at = min(session.started_at for session in sessions)
            ended_at = max(session.last_beat_at for session in sessions)
            await repository.forget_sums(tx, app_id, begun_at, ended_at)
        await _end(tx, sessions, "offline")

    async def _end_some(self) -> int:
        since = self._clock.now() - timedelta(seconds=domain.SILENT_AFTER_S)
        async with self._database.transaction() as tx:
            ended = await repository.end_silent(tx, since, ENDED_AT_ONCE_MAX)
            await tx.publish_many([_ended(session) for session in ended])
        return len(ended)


async def _require_early(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> None:
    if not await owning.opened_early(tx, account_id, app_id, now):
        raise NotOut(f"{app_id}")


async def _end(tx: Transaction, sessions: Sequence[Session], reason: EndReason) -> list[EndedSession]:
    if not sessions:
        return []
    ended = await repository.end(tx, [session.id for session in sessions], reason)
    await tx.publish_many([_ended(session) for session in ended])
    return ended


def _repeated(known: Session, app_id: UUID, device_id: str) -> PlaySessionState:
    if (known.app_id, known.device_id, known.is_offline) != (app_id, device_id, False):
        _require([FieldError("client_session_id", "play_name_used", "another session has this name")])
    return PlaySessionState.of(known)


def _misnamed(
    plays: Sequence[OfflinePlay], known: dict[UUID, Session], app_id: UUID, device_id: str
) -> list[FieldError]:
    """Return which names belong to other sessions than these."""
    return [
        FieldError(f"sessions[{place}].client_session_id", "play_name_used", "another session has this name")
        for place, play in enumerate(plays)
        if (one := known.get(play.client_session_id))
        and (one.app_id, one.device_id, one.started_at, one.is_offline)
        != (app_id, device_id, domain.to_second(play.started_at), True)
    ]


def _placed(
    faults: Sequence[FieldError], new: Sequence[OfflinePlay], plays: Sequence[OfflinePlay]
) -> list[FieldError]:
    """Name the sessions by their places in what was sent, those that were known included."""
    places = {f"sessions[{place}]": f"sessions[{plays.index(play)}]" for place, play in enumerate(new)}
    return [
        msgspec.structs.replace(fault, field=f"{places[head]}.{tail}" if dot else fault.field)
        for fault in faults
        for head, dot, tail in [fault.field.partition(".")]
    ]


def _require(faults: Sequence[FieldError]) -> None:
    """Refuse what has faults."""
    if faults:
        raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)


def _ended(session: EndedSession) -> PlaySessionEnded:
    return PlaySessionEnded(
        session_id=session.id,
        account_id=session.account_id,
        app_id=session.app_id,
        started_at=session.started_at,
        ended_at=session.last_beat_at,
        minutes=session.played_s // 60,
        total_minutes=session.total_s // 60,
        reason=session.end_reason or "ended",
    )
