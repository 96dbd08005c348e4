"""A service of cash registers in memory: it prints what it has taken at some later moment, forgets, refuses, and does not always answer."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from samovar.services.payment.moscow import MOSCOW
from samovar.services.payment.receipts.sending.adapters import (
    Declined,
    Done,
    Failed,
    Lost,
    RegistersAway,
    Taken,
    Waiting,
)
from tests.services.payment.simulation.scheduler import Scheduler

AWAY, LOST_BEFORE, LOST_AFTER, CRASHES = 0.05, 0.03, 0.07, 0.04
DECLINED, FAILED, LATE, STALE = 0.03, 0.08, 0.4, 0.05
LATE_BY_S = (2, 60, 900)


class Slip(msgspec.Struct, kw_only=True):
    """What was handed in.

    Attributes:
        receipt_id: Whose it is, as the id has it under which it was handed in.
        electronic: Money, minor units.
        prints_at: When a register prints it, unless it fails.
        done: As it was printed.
    """

    external_id: str
    receipt_id: str
    remote_id: str
    operation: str
    electronic: int
    total: int
    prints_at: datetime
    fails: bool
    done: Done | None = None


class SimulatedRegisters:
    """The service: what is handed in under one id is one receipt, as ATOL Online has it.

    Attributes:
        slips: All that it has taken and not forgotten, by the id under which it was handed in.
        printed: What is on paper.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self.slips: dict[str, Slip] = {}
        self.printed: list[Slip] = []
        self.declined: set[str] = set()
        self._scheduler = scheduler
        self._taken = 0

    async def send(self, operation: str, body: bytes) -> Taken | Declined:
        """Take a receipt, once under each id."""
        await self._reach("send")
        roll = self._scheduler.roll
        wire: dict[str, Any] = msgspec.json.decode(body)
        external_id = wire["external_id"]
        if external_id in self.declined or (external_id not in self.slips and roll(DECLINED)):
            self.declined.add(external_id)
            outcome: Taken | Declined = Declined("32: it does not fit")
        else:
            if external_id not in self.slips:
                self.slips[external_id] = self._slip(operation, external_id, wire)
            outcome = Taken(self.slips[external_id].remote_id)
        await self._hear("send")
        return outcome

    async def report(self, remote_id: str) -> Waiting | Done | Failed | Lost:
        """Tell what became of a receipt."""
        await self._reach("report")
        self._crash()
        slip = next((one for one in self.slips.values() if one.remote_id == remote_id), None)
        if slip is None:
            return Lost()
        outcome: Waiting | Done | Failed = slip.done or Waiting()
        if slip.fails and self._scheduler.at >= slip.prints_at:
            outcome = Failed("no paper")
        if self._scheduler.roll(STALE):
            # A replica that has not heard of it.
            outcome = Waiting()
        await self._hear("report")
        return outcome

    def _slip(self, operation: str, external_id: str, wire: dict[str, Any]) -> Slip:
        self._taken += 1
        roll = self._scheduler.roll
        told = wire.get("receipt") or wire["correction"]
        late = LATE_BY_S[self._taken % len(LATE_BY_S)] if roll(LATE) else 0
        return Slip(
            external_id=external_id,
            receipt_id=external_id.rpartition("-")[0],
            remote_id=f"register-{self._scheduler.seed}-{self._taken}",
            operation=operation,
            electronic=sum(_kopecks(part["sum"]) for part in told["payments"] if part["type"] == 1),
            total=sum(_kopecks(item["sum"]) for item in told["items"]),
            prints_at=self._scheduler.at + timedelta(seconds=late),
            fails=roll(FAILED),
        )

    def print_due(self) -> None:
        """Print what it is time for, whether somebody asks or not."""
        for slip in self.slips.values():
            is_due = self._scheduler.is_calm or self._scheduler.at >= slip.prints_at
            if slip.done or slip.fails or not is_due:
                continue
            self.printed.append(slip)
            slip.done = Done(
                drive="9999078900000001",
                number=len(self.printed),
                sign=slip.total,
                moment=f"{self._scheduler.at.astimezone(MOSCOW):%d.%m.%Y %H:%M:%S}",
                link=None,
            )

    def _crash(self) -> None:
        """Lose what was taken and is not printed, now and then."""
        if self._scheduler.roll(CRASHES):
            self._scheduler.tell("the registers start anew")
            self.slips = {key: slip for key, slip in self.slips.items() if slip.done or slip.fails}

    async def _reach(self, name: str) -> None:
        self.print_due()
        await self._scheduler.gate(f"asks the registers to {name}")
        if self._scheduler.roll(AWAY) or self._scheduler.roll(LOST_BEFORE):
            raise RegistersAway("nobody answers")

    async def _hear(self, name: str) -> None:
        if self._scheduler.roll(LOST_AFTER):
            raise RegistersAway("the answer was lost")
        await self._scheduler.gate(f"hears the registers of {name}")


def _kopecks(roubles: float) -> int:
    return round(roubles * 100)
