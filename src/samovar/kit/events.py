"""Events: facts in the past tense that a service tells all others, and the handlers that listen to them.

The publisher's `contract/events.py` declares the shape:

    class AccountRegistered(Event, frozen=True, kw_only=True, subject="auth.v1.account_registered"):
        \"\"\"A person has made an account.\"\"\"

        account_id: UUID
        locale: str = "ru"

A use case publishes inside its transaction, `await tx.publish(AccountRegistered(account_id=…))`; a consumer listens:

    @consumes(AccountRegistered)
    async def greet(event: AccountRegistered, tx: Transaction, mailbox: Mailbox) -> None: ...

Shapes change by addition only: a new field has a default, an unknown one is ignored, so old and new releases read each
other. A breaking change is a new event, `auth.v2.…`, published beside the old one until nobody listens to that.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import ModuleType
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from samovar.kit.injection import bind

SUBJECT_PREFIX = "samovar."
SUBJECT_LENGTH_MAX = 120
_SUBJECT = re.compile(r"[a-z][a-z0-9_]*\.v[1-9][0-9]*\.[a-z][a-z0-9_]*")

Mode = Literal["queue", "broadcast"]
Handler = Callable[..., Any]


class Aggregate(msgspec.Struct, frozen=True):
    """The thing that an event is about, for consumers that need order.

    Attributes:
        key: Its id. Events of one key leave their service in the order in which they were published.
        version: Counts the changes of that thing: a consumer that needs order refuses a gap and is asked again.
    """

    key: str
    version: int | None = None


class _EventType(msgspec.StructMeta):
    """Takes `subject` out of the class statement, where msgspec would refuse it."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        subject: str = "",
        **config: Any,
    ) -> Any:
        made: Any = super().__new__(cls, name, bases, namespace, **config)
        if any(isinstance(base, _EventType) for base in bases):
            if not _SUBJECT.fullmatch(subject) or len(subject) > SUBJECT_LENGTH_MAX:
                raise ValueError(
                    f'{name}: the subject must read "<service>.v<N>.<what_happened>", not {subject!r}'
                )
            made.subject = SUBJECT_PREFIX + subject
        return made


class Event(msgspec.Struct, metaclass=_EventType, frozen=True, kw_only=True):
    """The root of every event. Its docstring and fields are the contract that other services read.

    Attributes:
        subject: `samovar.<service>.v<N>.<what_happened>`, from the class keyword.
        personal: The fields that tell something of a person, and what they hold after that person's erasure; the event must
            still decode then. Ids of accounts are not among them.
    """

    subject: ClassVar[str]
    personal: ClassVar[Mapping[str, Any]] = {}

    def aggregate(self) -> Aggregate | None:
        """Return the thing that the event is about, where the order of its events matters."""
        return None

    @classmethod
    def publisher(cls) -> str:
        """Return the name of the service that alone publishes this event."""
        return cls.subject.split(".")[1]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How an event came.

    Attributes:
        id: The event's id: the same at every redelivery and replay.
        time: When it was published.
        attempt: 1 at the first delivery.
        headers: CloudEvents attributes (`ce-…`) and `traceparent`, names in lower case.
    """

    id: UUID
    time: datetime
    subject: str
    attempt: int
    headers: Mapping[str, str]


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """A handler and what it listens to.

    Attributes:
        name: The handler's name: with the service's it names the durable consumer, so renaming it starts a new one that
            reads the stream from its beginning.
    """

    name: str
    event: type[Event]
    mode: Mode
    handler: Handler

    def bind(self, provides: Mapping[str, object]) -> Handler:
        """Return the handler with its parameters filled from `provides`; see `injection.bind`."""
        given = ("event", "delivery", "tx") if self.mode == "queue" else ("event", "delivery")
        return bind(self.handler, provides, given=given)


def consumes(event: type[Event], *, mode: Mode = "queue") -> Callable[[Handler], Consumer]:
    """Declare a handler of `event`.

    Args:
        event: What to listen to.
        mode: `queue`: once per service, in a transaction `tx` that also remembers the event, so that its effect happens
            exactly once. The handler itself may run again after a rollback: whatever it does, it does through `tx`.
            `broadcast`: in every process, with no transaction, again from a while back at each start: for
            what a process keeps in memory.
    """

    def declare(handler: Handler) -> Consumer:
        return Consumer(name=handler.__name__, event=event, mode=mode, handler=handler)

    return declare


def consumers_in(module: ModuleType) -> tuple[Consumer, ...]:
    """Return the consumers that `module` declares, in the order they are written."""
    return tuple(value for value in vars(module).values() if isinstance(value, Consumer))
