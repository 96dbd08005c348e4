"""What components use: the session, state that is watched, things that are loaded."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar, cast

import flet as ft

from samovar.client.session import Session, entitle
from samovar.client.state.problems import Problem
from samovar.sdk.errors import SdkError

P = ParamSpec("P")
T = TypeVar("T")

session_context = ft.create_context(cast("Session | None", None))


def use_session() -> Session:
    """Return the session of this component."""
    session = ft.use_context(session_context)
    if session is None:
        raise RuntimeError("a component outside of the application")
    return session


def memo(component: Callable[P, T]) -> Callable[P, T]:
    """Return a component that is drawn anew only when what it is given is other than before, or what it watches changes."""
    return cast("Callable[P, T]", ft.memo(component))  # type: ignore[no-untyped-call]  # Flet has no annotation there.


def watch(state: T) -> T:
    """Return an observable whose changes draw this component anew."""
    watched, _ = ft.use_state(cast("Any", state))
    return cast("T", watched)


def use_title(name: str) -> None:
    """Say in the browser's tab, its history and its bookmarks what is shown, once it has a name."""
    session = use_session()

    def say() -> None:
        if name:
            entitle(session, name)

    ft.use_effect(say, [name])


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """Something on its way.

    Attributes:
        value: It; the former one while it is loaded again.
        problem: Why it is not there.
        is_loading: It is under way.
        again: Loads it again.
    """

    value: T | None
    problem: Problem | None
    is_loading: bool
    again: Callable[[], None]


def use_loaded(
    load: Callable[[], Awaitable[T]], over: Sequence[object] = (), *, once: bool = False
) -> Loaded[T]:
    """Load something when the component appears, and again when one of `over` changes, the language does or the browser comes back.

    Draw a skeleton while `is_loading` and there is no value, `error_state` where there is a `problem`, else the value.

    Args:
        load: Brings it.
        over: As above.
        once: Not when the browser comes back: something that hangs on it may be under way.
    """
    session = use_session()
    language = watch(session.look).language
    returns = watch(session.visit).returns
    found, set_found = ft.use_state(cast("tuple[Any, Problem | None]", (None, None)))
    is_loading, set_loading = ft.use_state(True)
    turn, set_turn = ft.use_state(0)

    async def run() -> None:
        set_loading(True)
        try:
            value = await load()
        except SdkError as error:
            problem = session.explain(error)
            set_found(lambda former: (former[0], problem))
        else:
            set_found((value, None))
        set_loading(False)

    ft.use_effect(run, [*over, language, 0 if once else returns, turn])
    return Loaded(
        value=found[0],
        problem=found[1],
        is_loading=is_loading,
        again=lambda: set_turn(lambda former: former + 1),
    )


@dataclass(frozen=True)
class Doing:
    """Something that a button does.

    Attributes:
        is_busy: It is under way.
        problem: Why the last try failed.
        run: Does it; a second call while it is under way does nothing, or waits where each call counts.
        clear: Forgets the problem.
    """

    is_busy: bool
    problem: Problem | None
    run: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]
    clear: Callable[[], None]


def use_doing(*, each: bool = False) -> Doing:
    """Return what keeps a button from doing a thing twice, and says why it failed.

    Args:
        each: Each call counts, as of switches that stand beside each other: one waits for the other.
    """
    session = use_session()
    is_busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state(cast("Problem | None", None))
    turn, _ = ft.use_state(asyncio.Lock())

    async def run(work: Callable[[], Awaitable[None]]) -> None:
        if turn.locked() and not each:
            return
        async with turn:
            set_busy(True)
            set_problem(None)
            try:
                await work()
            except SdkError as error:
                set_problem(session.explain(error))
            finally:
                set_busy(False)

    return Doing(is_busy=is_busy, problem=problem, run=run, clear=lambda: set_problem(None))
