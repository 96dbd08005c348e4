"""The bell: how much is unread, and the way to it."""

import asyncio
import contextlib

import flet as ft

from samovar.client.api.inbox import Inbox
from samovar.client.components.buttons import icon_button
from samovar.client.hooks import use_session, watch
from samovar.sdk.errors import SdkError

_LOOK_AGAIN_S = 20.0
# A window that was forgotten open stops asking after a day; a reload goes on.
_LOOKS_MAX = 4_320


@ft.component
def BellButton() -> ft.Control:
    """Show the bell; the count follows by itself."""
    session = use_session()
    bell = watch(session.bell)
    looks, set_looks = ft.use_state(0)

    async def follow() -> None:
        if looks:
            await asyncio.sleep(_LOOK_AGAIN_S)
        # While the platform is away the bell keeps what it knew; the strip says so.
        with contextlib.suppress(SdkError):
            bell.unread = (await Inbox(session.player).unread()).unread
        if looks < _LOOKS_MAX and session.account.is_player:
            set_looks(looks + 1)

    ft.use_effect(follow, [looks])
    return icon_button(
        "shell.inbox",
        ft.Icons.NOTIFICATIONS_NONE_ROUNDED,
        session.words("shell.inbox"),
        lambda: session.go("/notifications"),
        badge=bell.badge,
    )
