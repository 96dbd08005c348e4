"""The prices of an app: putting it on sale, a price for each region, discounts under them."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.console.pages import Seen
from samovar.client.api.console.selling import Discount, Offers, Package, Prices, Region, Sale, Selling
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.fields import select, text_field
from samovar.client.components.panels import Tone, badge, note, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import use_form
from samovar.client.screens.console.app import app_screen
from samovar.client.screens.console.selling.discounts import Discounts, open_kinds
from samovar.client.screens.console.selling.editions import NewEdition, OfferState, editions
from samovar.client.screens.console.selling.regions import region_name
from samovar.client.session import Session
from samovar.client.state.console.amounts import read_amount, write_amount
from samovar.client.state.forms import Form
from samovar.client.state.names import name_of
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Grid, Space

_HOME = "RU"
_AMOUNT_MAX = 16
# In minor units, of any currency: what the platform takes at all.
_PRICE_MAX = 1_000_000_000
_FIELD_WIDTH = 190


@ft.component
def AppPrices() -> ft.Control:
    """Show what an app costs."""
    return app_screen("prices", PricesPart)


@ft.component
def PricesPart(seen: Seen, again: Callable[[], None]) -> ft.Control:
    """Show the packages of a page; of the chosen one its prices and discounts."""
    del again
    session = use_session()
    watch(session.window)
    words = session.words
    calls = Selling(session.player, seen.draft.app_id)
    offers = Offers(session.player, seen.draft.app_id)
    chosen, set_chosen = ft.use_state(0)
    is_new, set_new = ft.use_state(False)

    async def load() -> tuple[list[Package], list[Region], list[Discount], list[Sale]]:
        return await offers.list(), await calls.regions(), await calls.discounts(), await calls.sales()

    found = use_loaded(load, [seen.draft.app_id])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("prices.error", found.problem, words, found.again)
        return skeleton_rows(4)
    packages, regions, discounts, sales = found.value
    if not packages:
        return OnSale(seen, offers, found.again)
    package = packages[min(chosen, len(packages) - 1)]

    def made() -> None:
        set_new(False)
        set_chosen(len(packages))
        found.again()

    parts: list[ft.Control] = []
    if is_new:
        parts.append(NewEdition(seen, packages, offers, made, lambda: set_new(False)))
    else:
        add = button(
            "editions.open",
            words("editions.new"),
            lambda: set_new(True),
            icon=ft.Icons.ADD_ROUNDED,
            kind="quiet",
        )
        parts.append(editions(session, packages, package, set_chosen, add))
    parts.append(
        ft.Container(
            Matrix(package, regions, calls, OfferState(package, offers, found.again)), key=package.id
        )
    )
    mine = [one for one in discounts if one.package_id == package.id]
    is_out = seen.draft.state != "draft"
    parts.append(Discounts(package, mine, open_kinds(sales, is_out=is_out), sales, calls, found.again))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def OnSale(seen: Seen, offers: Offers, again: Callable[[], None]) -> ft.Control:
    """Make the standard package of a page that sells nothing yet."""
    session = use_session()
    words = session.words
    doing = use_doing()
    page = seen.draft.page

    async def put() -> None:
        texts_ = page.get("texts", {})
        names = {
            one: str(texts_.get(one, {}).get("title") or page.get("title", ""))
            for one in ("ru", "en")
            if one == "ru" or one in texts_
        }
        await offers.put_on_sale(str(page["slug"]), {one: name[:100] for one, name in names.items()})
        session.toast(words("prices.on_sale.done"), "success")
        again()

    parts: list[ft.Control] = [texts.muted(words("prices.on_sale.detail"))]
    if doing.problem:
        parts.append(note("prices.problem", doing.problem.detail, tone="danger"))
    put_it = button(
        "prices.on_sale",
        words("prices.on_sale.action.text"),
        lambda: doing.run(put),
        kind="primary",
        icon=ft.Icons.SELL_OUTLINED,
        busy=doing.is_busy,
    )
    return panel(*parts, ft.Row([put_it]), title=words("prices.on_sale.title"))


@ft.component
def Matrix(package: Package, regions: list[Region], calls: Selling, state: ft.Control) -> ft.Control:
    """Load the prices of a package.

    Args:
        package: Whose.
        regions: Where prices may hold.
        calls: Of its page.
        state: Takes it off sale, or puts it there.
    """
    session = use_session()
    words = session.words
    found = use_loaded(lambda: calls.prices(package.id), [package.id])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("prices.error", found.problem, words, found.again)
        return skeleton_rows(3)
    key = found.value.etag or "prices"
    form = PriceForm(package, regions, found.value, calls, found.again)
    return panel(
        ft.Container(form, key=key),
        ft.Container(state, key=package.state),
        title=name_of(package.names, words.language, package.slug),
        action=_state(session, package),
    )


@ft.component
def PriceForm(
    package: Package, regions: list[Region], prices: Prices, calls: Selling, again: Callable[[], None]
) -> ft.Control:
    """Change the prices of a package."""
    session = use_session()
    words = session.words
    doing = use_doing()
    known = {one.code: one for one in regions}
    typed = {
        code: write_amount(int(one["amount"]), str(one["currency"]), words.language)
        for code, one in prices.prices.items()
    }
    form = use_form(typed)
    shown, set_shown = ft.use_state(sorted({*prices.prices, _HOME}, key=lambda code: (code != _HOME, code)))

    async def save() -> None:
        wanted = _read(form, [known[code] for code in shown if code in known], words)
        if wanted is None:
            return
        await calls.set_prices(package.id, wanted, seen=prices.etag)
        session.toast(words("prices.saved"), "success")
        again()

    def placed() -> None:
        if doing.problem:
            told = {_region_of(name): sentence for name, sentence in doing.problem.fields.items()}
            form.tell({code: sentence for code, sentence in told.items() if code in shown})

    ft.use_effect(placed, [doing.problem])

    def drop(code: str) -> None:
        form.values.pop(code, None)
        set_shown([one for one in shown if one != code])

    rows = [_price(session, form, known[code], partial(drop, code)) for code in shown if code in known]
    parts: list[ft.Control] = [
        texts.muted(words("prices.detail")),
        ft.Row(list(rows), spacing=Space.S, wrap=True, run_spacing=Space.L),
    ]
    left = sorted(
        (one for one in regions if one.code not in shown), key=lambda one: region_name(words, one.code)
    )
    if left:
        parts.append(
            select(
                "prices.add",
                words("prices.add"),
                [(one.code, f"{region_name(words, one.code)} · {one.currency}") for one in left],
                "",
                lambda code: set_shown([*shown, code]),
                width=320,
            )
        )
    if doing.problem and not _is_placed(doing.problem.fields, shown):
        parts.append(_refusal(doing.problem.detail, doing.problem.fields, shown))
    save_it = button(
        "prices.save", words("editor.save"), lambda: doing.run(save), kind="primary", busy=doing.is_busy
    )
    parts.append(ft.Row([save_it]))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _state(session: Session, package: Package) -> ft.Control:
    tone: Tone = "success" if package.state == "on_sale" else "warning"
    return badge(session.words(f"prices.state.{package.state}"), tone=tone)


def _refusal(detail: str, fields: dict[str, str], shown: list[str]) -> ft.Control:
    """Return why prices do not change: the rules that have no field of their own, by their sentences."""
    others = [told for name, told in fields.items() if _region_of(name) not in shown]
    return note("prices.problem", " ".join([detail, *others]), tone="danger")


def _is_placed(fields: dict[str, str], shown: list[str]) -> bool:
    """Return whether all that is wrong stands at the fields already."""
    return bool(fields) and all(_region_of(name) in shown for name in fields)


def _region_of(field: str) -> str:
    """Return the region that the platform means by `prices.RU.amount`."""
    parts = field.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "prices" else field


def _price(session: Session, form: Form, region: Region, drop: Callable[[], None]) -> ft.Control:
    words = session.words
    least = _sum(words, region, region.price_min)
    name = region_name(words, region.code)
    field = text_field(
        f"prices.{region.code}",
        form,
        region.code,
        name,
        helper=words("prices.least", sum=least),
        length_max=_AMOUNT_MAX,
        keyboard=ft.KeyboardType.NUMBER,
    )
    row: list[ft.Control] = [ft.Container(field, width=_FIELD_WIDTH)]
    if region.code != _HOME:
        remove = icon_button(
            f"prices.{region.code}.drop", ft.Icons.CLOSE_ROUNDED, words("prices.drop", name=name), drop
        )
        row.append(ft.Container(remove, padding=ft.Padding.only(top=22)))
    cell = ft.Row(row, spacing=Space.XS, tight=True, vertical_alignment=ft.CrossAxisAlignment.START)
    return ft.Container(cell, width=_FIELD_WIDTH + Space.XS + Grid.TARGET)


def _read(form: Form, regions: list[Region], words: Words) -> dict[str, dict[str, object]] | None:
    """Return what was typed as the platform takes it; none, with errors at their fields, where something is no price."""
    wanted: dict[str, dict[str, object]] = {}
    wrong: dict[str, str] = {}
    for one in regions:
        typed = form.text(one.code)
        amount = read_amount(typed, one.currency)
        if amount is None:
            if typed or one.code == _HOME:
                wrong[one.code] = words("prices.amount.rule")
        elif 0 < amount < one.price_min:
            wrong[one.code] = words("prices.amount.least", sum=_sum(words, one, one.price_min))
        elif amount > _PRICE_MAX:
            wrong[one.code] = words("prices.amount.most", sum=_sum(words, one, _PRICE_MAX))
        else:
            wanted[one.code] = {"amount": amount, "currency": one.currency}
    return wanted if form.tell(wrong) else None


def _sum(words: Words, region: Region, amount: int) -> str:
    return words.money({"amount": amount, "currency": region.currency})
