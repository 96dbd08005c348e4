"""Drawing anew a moment after somebody has stopped typing, and no sooner."""

import asyncio

import flet as ft

from samovar.client.hooks import use_session
from samovar.client.state.console.editing import Editing

_PAUSE_S = 0.4


def use_settled(editing: Editing, *, first_at_once: bool = False) -> int:
    """Draw the component anew a moment after the last change of what is edited; return how often it was, from 1 on.

    Args:
        editing: What is edited.
        first_at_once: The first change after a pause is drawn without waiting, too.
    """
    session = use_session()
    turn, set_turn = ft.use_state(1)
    last = ft.use_ref(0)

    is_settled = ft.use_ref(True)

    async def settle(mine: int) -> None:
        await asyncio.sleep(_PAUSE_S)
        if last.current == mine:
            is_settled.current = True
            set_turn(lambda former: former + 1)

    def touched() -> None:
        last.current = (last.current or 0) + 1
        if first_at_once and is_settled.current:
            set_turn(lambda former: former + 1)
        is_settled.current = False
        session.later(settle(last.current))

    def listen() -> None:
        editing.listeners[id(last)] = touched

    ft.use_effect(listen, [editing], cleanup=lambda: editing.listeners.pop(id(last), None))
    return turn
