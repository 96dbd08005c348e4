"""Giving back: which lines may be given back and by which rules, where the money goes, and why."""

from collections.abc import Callable
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.payment import Eligibility, LineEligibility, OrderBook, OrderPage
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import summed
from samovar.client.components.fields import text_field
from samovar.client.components.identify import identified
from samovar.client.components.panels import chip, note, pressable
from samovar.client.components.states import skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import use_form
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.state.names import name_of
from samovar.client.state.purchase.giving_back import Choice
from samovar.client.state.purchase.intent import Intent
from samovar.client.theme.tokens import Colours, Radius, Space

_WIDTH = 520
_REASON_MAX = 500
# Of the rules that are met only those with a number or a day in them say something.
_TELLING = frozenset({"window", "play_time"})


@ft.component
def RefundDialog(order: OrderPage, close: Callable[[], None]) -> ft.Control:
    """Show the dialog over the order; `close` is called when it is over."""
    session = use_session()
    window = watch(session.window)
    words = session.words
    found = use_loaded(lambda: OrderBook(session.player).eligibility(order.id), [order.id])
    picked, set_picked = ft.use_state(cast("frozenset[str] | None", None))
    destination, set_destination = ft.use_state("instrument")
    form = use_form({"reason": ""})
    doing = use_doing()
    intent = ft.use_memo(Intent, [])
    choice = Choice(found.value, picked) if found.value else None

    async def send() -> None:
        if choice is None or not form.require(["reason"], words("form.required")):
            return
        lines, reason = sorted(choice.lines), form.text("reason")
        payment = OrderBook(session.player)
        refund = await intent.send(
            lambda key: payment.give_back(
                order.id, lines=lines, reason=reason, destination=destination, key=key
            ),
            lines,
            reason,
            destination,
        )
        session.toast(words(f"refund.status.{refund.status}", sum=words.money(refund.amount)), "success")
        close()

    parts: list[ft.Control] = []
    if found.problem and not found.is_loading:
        parts.append(note("refund.error", found.problem.detail, tone="danger"))
    elif found.value is None or choice is None:
        parts.append(skeleton_lines(4))
    else:
        for one in found.value.lines:
            toggle = partial(set_picked, choice.toggled(one.line_id))
            parts.append(_line(session, order, one, chosen=one.line_id in choice.lines, press=toggle))
        if choice.lines:
            if any(one.source == "provider" for one in order.funding):
                parts.append(_destinations(session, destination, set_destination))
            parts += _form(session, found.value, form)
            parts.append(summed(words("refund.sum"), words.money(choice.sum), strong=True))
        elif choice.able:
            parts.append(texts.muted(words("refund.choose")))
    if doing.problem:
        parts.append(note("refund.problem", doing.problem.detail, tone="danger"))
    can_send = choice is not None and bool(choice.lines)
    buttons = [
        button("refund.close", words("action.close"), close, kind="quiet"),
        button(
            "refund.send",
            words("refund.send"),
            partial(doing.run, send),
            kind="primary",
            busy=doing.is_busy,
            disabled=not can_send,
        ),
    ]
    ft.use_dialog(_dialog(session, parts, buttons, window.width, close))
    return ft.Container(visible=False)


def _dialog(
    session: Session,
    parts: list[ft.Control],
    buttons: list[ft.Control],
    width: int,
    close: Callable[[], None],
) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=texts.section_title(session.words("refund.title")),
        content=ft.Column(
            parts,
            spacing=Space.L,
            tight=True,
            width=min(_WIDTH, width - 2 * Space.XXL),
        ),
        scrollable=True,
        actions=buttons,
        on_dismiss=lambda _: close(),
    )


def _line(
    session: Session,
    order: OrderPage,
    line: LineEligibility,
    *,
    chosen: bool,
    press: Callable[[], object],
) -> ft.Control:
    """Return a line of the order: a box where it may be given back, and each rule with what was found."""
    words = session.words
    bought = next((one for one in order.lines if one.id == line.line_id), None)
    name = name_of(bought.names, words.language) if bought else ""
    icon = ft.Icons.CHECK_BOX_ROUNDED if chosen else ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED
    color = Colours.ACCENT if chosen else Colours.CONTROL_LINE
    if not line.is_eligible:
        icon, color = ft.Icons.BLOCK_ROUNDED, Colours.TEXT3
    head = ft.Row(
        [
            ft.Icon(icon, size=20, color=color),
            ft.Container(texts.strong(name, lines=2), expand=True),
            texts.body(words.money(line.amount)),
        ],
        spacing=Space.S,
    )
    rules = [
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.CHECK_ROUNDED if rule.is_met else ft.Icons.CLOSE_ROUNDED,
                    size=16,
                    color=Colours.SUCCESS if rule.is_met else Colours.DANGER,
                ),
                ft.Container(texts.caption(rule.text, color=Colours.TEXT2), expand=True),
            ],
            spacing=Space.S,
        )
        for rule in line.rules
        if rule.code in _TELLING or not rule.is_met
    ]
    content = ft.Column([head, *rules], spacing=Space.XS, tight=True)
    place = f"refund.line.{line.line_id}"
    if line.is_eligible:
        return pressable(place, content, press, padding=Space.M, edge=Colours.LINE, selected=chosen)
    box = ft.Container(
        content, padding=Space.M, border=ft.Border.all(1, Colours.LINE), border_radius=Radius.CARD
    )
    return identified(place, box, label=name, selected=chosen)


def _destinations(session: Session, destination: str, pick: Callable[[str], None]) -> ft.Control:
    """Return the choice of where the money goes; what came out of the wallet goes back there in any case."""
    words = session.words
    chips = [
        chip(
            f"refund.to.{one}",
            words(f"refund.to.{one}"),
            partial(pick, one),
            selected=one == destination,
        )
        for one in ("instrument", "wallet")
    ]
    return ft.Column(
        [texts.caption(words("refund.to.title")), ft.Row(list(chips), spacing=Space.S, wrap=True)],
        spacing=Space.XS,
        tight=True,
    )


def _form(session: Session, found: Eligibility, form: Form) -> list[ft.Control]:
    words = session.words
    parts: list[ft.Control] = [
        text_field(
            "refund.reason",
            form,
            "reason",
            words("refund.reason"),
            length_max=_REASON_MAX,
            lines=3,
        ),
    ]
    if found.needs_review:
        parts.append(note("refund.review", words("refund.review"), tone="info"))
    return parts
