"""The wallet: what is in it, paying in, the history."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.wallet import Purse, TopUp, Wallet, WalletEntries, WalletEntry
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import chip, note, panel
from samovar.client.components.shell import screen
from samovar.client.components.states import error_state, skeleton, skeleton_rows
from samovar.client.components.store.paying import confirming
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.outside import address, leave_for
from samovar.client.session import Session
from samovar.client.state.purchase.intent import Intent
from samovar.client.theme.tokens import Colours, Radius, Space
from samovar.sdk.errors import SdkError

_WIDTH = 860
_AMOUNTS = (30_000, 50_000, 100_000, 200_000, 500_000)
_METHODS = ("sbp", "card")
_FAILED = frozenset({"failed", "canceled"})
# As long as whoever comes back from a payment may wonder what became of it.
_FRESH = timedelta(minutes=30)
_LOOK_AGAIN_S = 2.0
# Ten minutes; a reload goes on.
_LOOKS_MAX = 300


@ft.component
def WalletScreen() -> ft.Control:
    """Show the wallet."""
    session = use_session()
    watch(session.window)
    words = session.words
    payment = Purse(session.player)

    async def load() -> tuple[Wallet, WalletEntries, TopUp | None]:
        return await payment.wallet(), await payment.entries(), await payment.latest_top_up()

    found = use_loaded(load)
    title = texts.page_title(words("wallet.title"))
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("wallet.error", found.problem, words, found.again))
        return screen(
            session, title, skeleton(height=140, radius=Radius.PANEL), skeleton_rows(4), width=_WIDTH
        )
    wallet, entries, latest = found.value
    parts: list[ft.Control] = [_balance(session, wallet)]
    if latest is not None and latest.status == "pending":
        parts.append(ft.Container(Pending(latest, found.again), key=latest.id))
    elif latest is not None and latest.status in _FAILED and _is_fresh(latest):
        told = words(f"wallet.{latest.status}", sum=words.money(latest.amount))
        parts.append(note("wallet.failed", told, tone="warning"))
    # What came is a line of the history: it is shown from its beginning then.
    history = ft.Container(History(entries), key=entries.items[0].id if entries.items else "none")
    return screen(session, title, *parts, PayIn(found.again), history, width=_WIDTH)


def _is_fresh(top_up: TopUp) -> bool:
    return datetime.now(UTC) - top_up.created_at < _FRESH


def _balance(session: Session, wallet: Wallet) -> ft.Control:
    words = session.words
    rows: list[ft.Control] = [
        texts.muted(words("wallet.balance")),
        ft.Semantics(
            key="wallet.balance",
            identifier="wallet.balance",
            content=texts.hero(words.money(wallet.balance)),
        ),
    ]
    if wallet.bonus["amount"]:
        rows.append(texts.muted(words("wallet.bonus", sum=words.money(wallet.bonus))))
    if wallet.pending["amount"]:
        rows.append(texts.muted(words("wallet.pending", sum=words.money(wallet.pending))))
    return panel(ft.Column(rows, spacing=Space.XS, tight=True))


@ft.component
def Pending(top_up: TopUp, again: Callable[[], None]) -> ft.Control:
    """Show a payment that is not made yet: how it is, and what becomes of it."""
    session = use_session()
    words = session.words
    doing = use_doing()
    intent = ft.use_memo(Intent, [])
    payment = Purse(session.player)

    async def follow() -> None:
        for _ in range(_LOOKS_MAX):
            await asyncio.sleep(_LOOK_AGAIN_S)
            with contextlib.suppress(SdkError):
                now = await payment.latest_top_up()
                if now is not None and (now.id != top_up.id or now.status != "pending"):
                    if now.status == "credited":
                        session.toast(words("wallet.credited", sum=words.money(now.amount)), "success")
                    break
        again()

    async def cancel() -> None:
        await intent.send(lambda key: payment.cancel_top_up(top_up.id, key=key), top_up.id)
        again()

    ft.use_effect(follow, [top_up])
    sum_ = words.money(top_up.amount)
    parts = confirming(session, "wallet.confirm", top_up.confirmation, words("wallet.confirm", sum=sum_))
    if doing.problem:
        parts.append(note("wallet.cancel.problem", doing.problem.detail, tone="danger"))
    parts.append(
        button(
            "wallet.cancel",
            words("wallet.cancel"),
            partial(doing.run, cancel),
            kind="quiet",
            busy=doing.is_busy,
            wide=True,
        )
    )
    return panel(*parts, title=words("wallet.waits", sum=sum_))


@ft.component
def PayIn(again: Callable[[], None]) -> ft.Control:
    """Show how money is paid in; `again` looks at what has come of it."""
    session = use_session()
    words = session.words
    doing = use_doing()
    intent = ft.use_memo(Intent, [])
    amount, set_amount = ft.use_state(_AMOUNTS[1])
    method, set_method = ft.use_state(_METHODS[0])

    async def pay() -> None:
        money = {"amount": amount, "currency": "RUB"}
        back = address(session, "/wallet")
        payment = Purse(session.player)
        made = await intent.send(
            lambda key: payment.top_up(money, method, return_url=back, key=key), amount, method
        )
        intent.over()
        if made.confirmation.url and made.confirmation.type == "redirect":
            await leave_for(made.confirmation.url)
        again()

    amounts = [
        chip(
            f"wallet.amount.{one}",
            words.money({"amount": one, "currency": "RUB"}),
            partial(set_amount, one),
            selected=one == amount,
        )
        for one in _AMOUNTS
    ]
    methods = [
        chip(f"wallet.method.{one}", words(f"method.{one}"), partial(set_method, one), selected=one == method)
        for one in _METHODS
    ]
    parts: list[ft.Control] = [
        ft.Row(list(amounts), spacing=Space.S, wrap=True, run_spacing=Space.S),
        ft.Row(list(methods), spacing=Space.S, wrap=True, run_spacing=Space.S),
    ]
    if doing.problem:
        parts.append(note("wallet.problem", doing.problem.detail, tone="danger"))
    sum_ = words.money({"amount": amount, "currency": "RUB"})
    pay_in = button(
        "wallet.pay",
        words("wallet.pay", sum=sum_),
        partial(doing.run, pay),
        kind="primary",
        busy=doing.is_busy,
    )
    parts += [ft.Row([pay_in]), texts.caption(words("wallet.rule"))]
    return panel(*parts, title=words("wallet.top_up"))


@ft.component
def History(first: WalletEntries) -> ft.Control:
    """Show what came and went."""
    session = use_session()
    words = session.words
    more, set_more = ft.use_state(cast("tuple[WalletEntry, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()

    async def load() -> None:
        page = await Purse(session.player).entries(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    entries = (*first.items, *more)
    if not entries:
        return panel(texts.muted(words("wallet.history.none")), title=words("wallet.history.title"))
    rows: list[ft.Control] = [_entry(session, one) for one in entries]
    if doing.problem:
        rows.append(note("wallet.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button("wallet.more", words("search.more"), partial(doing.run, load), busy=doing.is_busy)
        rows.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return panel(*rows, title=words("wallet.history.title"))


def _entry(session: Session, entry: WalletEntry) -> ft.Control:
    words = session.words
    amount = int(entry.change["amount"])
    sign = "+" if amount > 0 else ""
    left = ft.Column(
        [texts.body(entry.title, lines=2), texts.caption(words.moment(entry.created_at), lines=1)],
        spacing=0,
        tight=True,
        expand=True,
    )
    right = ft.Column(
        [
            texts.body(
                f"{sign}{words.money(entry.change)}",
                color=Colours.SUCCESS if amount > 0 else Colours.TEXT,
                weight=ft.FontWeight.W_600,
            ),
            texts.caption(words("wallet.left", sum=words.money(entry.balance))),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )
    return ft.Row([left, right], spacing=Space.M)
