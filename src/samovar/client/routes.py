"""Where one can go: the places of the navigation, and which screen stands at which path.

A path is part of the address that people keep and send: change none, add new ones. What a screen chooses (filters, a page, a tab)
stands in the query, so that Back and a reload show the same.
"""

from collections.abc import Callable

import flet as ft

from samovar.client.components.shell import Section, shell
from samovar.client.components.states import loading
from samovar.client.hooks import use_session, watch
from samovar.client.screens.account.recovery import Recovery
from samovar.client.screens.account.security import Security
from samovar.client.screens.account.sign_in import SignIn
from samovar.client.screens.account.sign_up import SignUp
from samovar.client.screens.console.builds.page import AppBuildList
from samovar.client.screens.console.editor.page import AppPage
from samovar.client.screens.console.organisation import OrganisationScreen
from samovar.client.screens.console.organisations import ConsoleHome
from samovar.client.screens.console.release import AppRelease
from samovar.client.screens.console.reports import AppReports
from samovar.client.screens.console.selling.prices import AppPrices
from samovar.client.screens.gallery import Gallery, GalleryOfParts
from samovar.client.screens.game.page import Game
from samovar.client.screens.inbox import InboxScreen
from samovar.client.screens.language import LanguageSettings
from samovar.client.screens.library.downloads import DownloadList
from samovar.client.screens.library.game import LibraryGame
from samovar.client.screens.library.gifts import GiftList
from samovar.client.screens.library.shelf import LibraryScreen
from samovar.client.screens.library.wallet import WalletScreen
from samovar.client.screens.library.wishlist import Wishlist
from samovar.client.screens.not_found import NotFound
from samovar.client.screens.people.edit import EditProfile
from samovar.client.screens.people.friends import FriendsScreen
from samovar.client.screens.people.profile import OwnProfile, ProfileScreen
from samovar.client.screens.purchase.cart import CartScreen
from samovar.client.screens.purchase.checkout import Checkout
from samovar.client.screens.purchase.order import Order
from samovar.client.screens.purchase.orders import LatestOrder, OrderList
from samovar.client.screens.settings.accessibility import AccessibilitySettings
from samovar.client.screens.settings.account import AccountSettings
from samovar.client.screens.settings.data import DataSettings
from samovar.client.screens.settings.notices import NoticeSettings
from samovar.client.screens.settings.privacy import PrivacySettings
from samovar.client.screens.store.home import StoreHome
from samovar.client.screens.store.search import Search
from samovar.client.session import entitle, sign_in_for

SECTIONS = (
    Section("store", "/", ft.Icons.STOREFRONT_OUTLINED, ft.Icons.STOREFRONT_ROUNDED),
    Section(
        "library",
        "/library",
        ft.Icons.VIDEO_LIBRARY_OUTLINED,
        ft.Icons.VIDEO_LIBRARY_ROUNDED,
        players_only=True,
    ),
    Section(
        "downloads",
        "/downloads",
        ft.Icons.DOWNLOAD_OUTLINED,
        ft.Icons.DOWNLOAD_ROUNDED,
        players_only=True,
    ),
    Section(
        "wishlist",
        "/wishlist",
        ft.Icons.FAVORITE_BORDER_ROUNDED,
        ft.Icons.FAVORITE_ROUNDED,
        players_only=True,
    ),
    Section(
        "settings",
        "/settings",
        ft.Icons.SETTINGS_OUTLINED,
        ft.Icons.SETTINGS_ROUNDED,
        players_only=True,
    ),
)
PUBLIC: dict[str, Callable[[], ft.Control]] = {
    "sign-in": SignIn,
    "sign-up": SignUp,
    "recovery": Recovery,
    "settings/language": LanguageSettings,
    "settings/accessibility": AccessibilitySettings,
    "search": Search,
    "game/:slug": Game,
    "_ui": Gallery,
    "_ui/parts": GalleryOfParts,
}
PLAYERS: dict[str, Callable[[], ft.Control]] = {
    "cart": CartScreen,
    "checkout": Checkout,
    "orders": OrderList,
    "orders/latest": LatestOrder,
    "orders/:id": Order,
    "dev": ConsoleHome,
    "dev/organisations/:organisation": OrganisationScreen,
    "dev/apps/:app": AppRelease,
    "dev/apps/:app/page": AppPage,
    "dev/apps/:app/prices": AppPrices,
    "dev/apps/:app/builds": AppBuildList,
    "dev/apps/:app/reports": AppReports,
    "gifts": GiftList,
    "library": LibraryScreen,
    "library/:id": LibraryGame,
    "downloads": DownloadList,
    "notifications": InboxScreen,
    "wallet": WalletScreen,
    "wishlist": Wishlist,
    "profile": OwnProfile,
    "profile/edit": EditProfile,
    "u/:who": ProfileScreen,
    "friends": FriendsScreen,
    "settings": AccountSettings,
    "settings/account": AccountSettings,
    "settings/privacy": PrivacySettings,
    "settings/notices": NoticeSettings,
    "settings/data": DataSettings,
    "settings/security": Security,
}
# What the tab of the browser says, by the first part of the path. Screens of one thing say its name once they know it (`use_title`).
TITLES = {
    "sign-in": "sign_in.title",
    "sign-up": "sign_up.title",
    "recovery": "recovery.title",
    "search": "shell.search",
    "cart": "cart.title",
    "checkout": "checkout.title",
    "orders": "orders.title",
    "dev": "console.title",
    "gifts": "gifts.title",
    "library": "library.title",
    "downloads": "downloads.title",
    "notifications": "inbox.title",
    "wallet": "wallet.title",
    "wishlist": "wishlist.title",
    "profile": "shell.profile",
    "friends": "friends.title",
    "settings": "settings.title",
}


def routes() -> list[ft.Route]:
    """Return all routes."""
    public = [ft.Route(path=path, component=screen) for path, screen in PUBLIC.items()]
    players = [ft.Route(path=path, component=screen) for path, screen in PLAYERS.items()]
    return [
        ft.Route(
            component=Framed,
            children=[
                ft.Route(index=True, component=StoreHome),
                *public,
                ft.Route(component=PlayersOnly, children=players),
                ft.Route(path=":rest*", component=NotFound),
            ],
        )
    ]


@ft.component
def Framed() -> ft.Control:
    """Show a screen in its frame."""
    session = use_session()
    for state in (session.account, session.window, session.look):
        watch(state)
    # Before the browser has told what it keeps, a form would be drawn anew under the hands of whoever fills it in.
    location, outlet = ft.use_route_location(), ft.use_route_outlet()
    title = TITLES.get(location.strip("/").partition("/")[0])
    ft.use_effect(lambda: entitle(session, session.words(title) if title else ""), [location])
    is_known = session.account.standing != "unknown"
    return shell(session, SECTIONS, location, outlet if is_known else loading(session.words("state.loading")))


@ft.component
def PlayersOnly() -> ft.Control:
    """Show a screen to somebody who is signed in; lead everybody else to signing in, and back afterwards.

    Whoever stops being signed in while it is shown is led on by what ended that.
    """
    session = use_session()
    account = watch(session.account)
    location = ft.use_route_location()
    was_player = ft.use_ref(False)

    def guard() -> None:
        if account.standing == "stranger" and not was_player.current:
            # With what the address chooses: a tab, a filter.
            session.go(sign_in_for(session.page.route or location))
        was_player.current = account.is_player

    ft.use_effect(guard, [account.standing, location])
    if account.is_player:
        return ft.use_route_outlet()
    return loading(session.words("state.loading"))
