"""Giving a game to a friend: who gets it is chosen on its page, whether one has it or not, and it goes into the cart for them."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.account.friends import Circle, Friend
from samovar.client.api.game_pages import GamePage
from samovar.client.api.payment import Item, Shopping
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import select
from samovar.client.hooks import use_loaded, use_session
from samovar.client.session import sign_in_for
from samovar.client.state.store.action import standard_of

_FRIENDS_MAX = 100


@ft.component
def Giving(game: GamePage) -> ft.Control:
    """Show the button, and the question whom; nothing for what costs nothing."""
    session = use_session()
    is_open, set_open = ft.use_state(False)
    package = standard_of(game)
    if package is None or package.price is None or not package.price.final["amount"]:
        return ft.Container(visible=False)

    def ask() -> None:
        if session.account.is_player:
            set_open(True)
        else:
            session.go(sign_in_for(f"/game/{game.slug}"))

    give = button(
        "game.gift",
        session.words("game.gift"),
        ask,
        icon=ft.Icons.CARD_GIFTCARD_ROUNDED,
        wide=True,
        kind="quiet",
    )
    parts: list[ft.Control] = [give]
    if is_open:
        parts.append(GiftDialog(game.title, package.id, partial(set_open, False)))
    return ft.Column(parts, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def GiftDialog(name: str, package_id: str, close: Callable[[], None]) -> ft.Control:
    """Ask which friend gets the package of this name; drawn while the question is open."""
    session = use_session()
    words = session.words
    friend, choose = ft.use_state("")

    async def load() -> list[Friend]:
        return (await Circle(session.player).friends(limit=_FRIENDS_MAX)).items

    found = use_loaded(load)

    async def add() -> None:
        session.basket.see(await Shopping(session.player).add(Item(package_id=package_id, gift_to=friend)))
        session.go("/cart")

    async def find() -> None:
        session.go("/friends")

    title = words("game.gift.title", name=name)
    if found.value == []:
        nobody = words("game.gift.nobody")
        return Confirm("game.gift", title, nobody, words("game.gift.find"), find, close, kind="primary")
    whom = select(
        "game.gift.friend",
        words("game.gift.whom"),
        [(one.account_id, one.nickname or one.display_name) for one in found.value or ()],
        friend,
        choose,
    )
    return Confirm(
        "game.gift",
        title,
        found.problem.detail if found.problem else words("game.gift.detail"),
        words("game.action.buy"),
        add,
        close,
        kind="primary",
        more=(whom,),
        is_ready=bool(friend),
    )
