"""Unique names: who takes one, how often it may be changed, how long a former one is kept from others."""

import math
from datetime import timedelta

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.services.account.errors import NameChangedLately, NameTaken
from samovar.services.account.profiles import names, repository
from samovar.services.account.profiles.repository import Person

DAY = timedelta(days=1)


class Naming:
    """Gives and takes unique names.

    Args:
        clock: Says when.
        cooldown_days: How long a name must be worn before another one is taken.
        kept_days: How long a former name is kept from others.
    """

    def __init__(self, *, clock: Clock, cooldown_days: int, kept_days: int) -> None:
        self._clock = clock
        self._cooldown = timedelta(days=cooldown_days)
        self._kept = timedelta(days=kept_days)

    async def rename(self, tx: Transaction, person: Person, name: str | None) -> Person:
        """Let a person have another name, or none.

        Another spelling of the same name may be had at any time, and so may none; but neither that nor the next name shortens
        the wait.

        Raises:
            NameTaken: Somebody has the name, or one that looks like it, or had it lately.
            NameChangedLately: The last change was a short while ago.
        """
        if name == person.name:
            return person
        now = self._clock.now()
        name_key = names.skeleton(name) if name else None
        changed_at = person.name_changed_at
        if name_key is not None and name_key != person.name_key:
            left = changed_at + self._cooldown - now if changed_at else timedelta()
            if left > timedelta():
                raise NameChangedLately(retry_after_s=left.total_seconds(), days=math.ceil(left / DAY))
            changed_at = now
        if name_key != person.name_key:
            await repository.release_names(tx, person.id, kept_until=now + self._kept)
        if name and name_key:
            claimed = await repository.claim_name(tx, person.id, name=name, name_key=name_key, now=now)
            if not claimed:
                raise NameTaken(f"{name_key} is taken")
        await repository.update_name(tx, person.id, name=name, name_key=name_key, changed_at=changed_at)
        return msgspec.structs.replace(person, name=name, name_key=name_key, name_changed_at=changed_at)
