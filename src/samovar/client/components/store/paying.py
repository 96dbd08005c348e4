"""How a payment is confirmed: on the provider's page, or by the app of a bank that reads a picture."""

import io
from functools import partial

import flet as ft

from samovar.client.api.payment import Confirmation
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.outside import leave_for, open_beside
from samovar.client.session import Session
from samovar.client.theme.tokens import Radius, Space

QR_SIZE = 196


def qr_picture(text: str, label: str) -> ft.Control:
    """Return a QR code on white, in the middle; `label` is what is read out in its place."""
    picture = ft.Container(
        ft.Image(src=_png(text), width=QR_SIZE, height=QR_SIZE, semantics_label=label),
        bgcolor="#FFFFFF",
        padding=Space.M,
        border_radius=Radius.CARD,
    )
    return ft.Row([picture], alignment=ft.MainAxisAlignment.CENTER)


def confirming(session: Session, name: str, confirmation: Confirmation | None, pay: str) -> list[ft.Control]:
    """Return what to do to confirm a payment: nothing while the provider has not said it yet.

    Args:
        session: Whose.
        name: Of the button, see `identified`.
        confirmation: What the platform answered.
        pay: What the button says, with the sum.
    """
    words = session.words
    if confirmation is None or not confirmation.url:
        return [texts.muted(words("paying.soon"))]
    if confirmation.type != "qr":
        # It leads back by itself.
        leave = partial(leave_for, confirmation.url)
        return [button(name, pay, leave, kind="primary", icon=ft.Icons.OPEN_IN_NEW_ROUNDED, wide=True)]
    # The app of a bank leads nowhere back: this page stays, and follows what becomes of the payment.
    beside = partial(open_beside, confirmation.url)
    return [
        qr_picture(confirmation.url, words("paying.qr")),
        texts.muted(words("paying.scan"), align=ft.TextAlign.CENTER),
        button(
            name,
            words("paying.bank"),
            beside,
            kind="primary",
            icon=ft.Icons.ACCOUNT_BALANCE_ROUNDED,
            wide=True,
        ),
    ]


def _png(text: str) -> bytes:
    """Return a QR code as PNG: the runtime shows neither the data URI that the API gives nor the SVG in it."""
    import segno  # noqa: PLC0415  Few people ever see a QR code; a process does not keep the library for it.

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=8)
    return picture.getvalue()
