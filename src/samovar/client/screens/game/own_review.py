"""The player's own review of a game: writing it, changing it, taking it back. Who may write is said by the store."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.game_pages import Author, GamePage
from samovar.client.api.store.reviews import TEXT_LENGTH_MAX, OwnReview, ReviewBook
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import text_field
from samovar.client.components.panels import chip, note, panel
from samovar.client.components.store.reviews import review_card
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def OwnReviewPanel(game: GamePage, changed: Callable[[], None]) -> ft.Control:
    """Show it, or the way to write one; `changed` loads the others anew."""
    session = use_session()
    words = session.words
    found = use_loaded(ReviewBook(session.player, game.slug).mine, [game.slug])
    is_open, set_open = ft.use_state(False)

    def done() -> None:
        set_open(False)
        found.again()
        changed()

    if found.value is None and (found.is_loading or found.problem):
        # The others can be read without it.
        return ft.Container(visible=False)
    if is_open:
        return Writing(game, found.value, done, lambda: set_open(False))
    if found.value is not None:
        return Written(game, found.value, lambda: set_open(True), done)
    if not game.is_owned:
        return texts.muted(words("reviews.owners_only"))
    return ft.Row(
        [
            button(
                "reviews.write",
                words("reviews.write"),
                lambda: set_open(True),
                kind="primary",
                icon=ft.Icons.RATE_REVIEW_OUTLINED,
            )
        ]
    )


@ft.component
def Writing(
    game: GamePage, review: OwnReview | None, done: Callable[[], None], cancel: Callable[[], None]
) -> ft.Control:
    """Ask what the player thinks."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({"text": review.text if review else ""})
    recommended, set_recommended = ft.use_state(review.recommended if review else None)
    book = ReviewBook(session.player, game.slug)

    async def send() -> None:
        if recommended is None:
            form.tell({"recommended": words("reviews.choose")})
        if not form.require(("text",), words("form.required")) or recommended is None:
            return

        async def work() -> None:
            text = form.text("text")
            if review is None:
                await book.write(recommended=bool(recommended), text=text, language=words.language)
            else:
                await book.change(review.id, recommended=bool(recommended), text=text)
            session.toast(words("reviews.sent"), "success")
            done()

        await doing.run(work)

    def choose(value: bool) -> None:  # noqa: FBT001  One of two chips.
        form.errors.pop("recommended", None)
        set_recommended(value)

    placed = show_errors(form, doing, ("text",))
    parts: list[ft.Control] = [_opinions(session, choose, recommended=recommended)]
    if "recommended" in form.errors:
        parts.append(texts.caption(form.errors["recommended"]))
    parts += problem_note("reviews.problem", doing, placed=placed)
    parts.append(
        text_field(
            "reviews.text",
            form,
            "text",
            words("reviews.text"),
            helper=words("reviews.text_rule"),
            length_max=TEXT_LENGTH_MAX,
            lines=5,
        )
    )
    parts.append(
        ft.Row(
            [
                button("reviews.send", words("reviews.send"), send, kind="primary", busy=doing.is_busy),
                button("reviews.cancel", words("action.cancel"), cancel, kind="quiet"),
            ],
            spacing=Space.S,
        )
    )
    return panel(*parts, title=words("reviews.own"))


def _opinions(session: Session, choose: Callable[[bool], None], *, recommended: bool | None) -> ft.Control:
    words = session.words
    chips = [
        chip("reviews.yes", words("game.reviews.yes"), partial(choose, True), selected=recommended is True),
        chip("reviews.no", words("game.reviews.no"), partial(choose, False), selected=recommended is False),
    ]
    return ft.Row(list(chips), spacing=Space.S, wrap=True)


@ft.component
def Written(
    game: GamePage, review: OwnReview, edit: Callable[[], None], gone: Callable[[], None]
) -> ft.Control:
    """Show what the player has written."""
    session = use_session()
    words = session.words
    is_asked, set_asked = ft.use_state(False)
    book = ReviewBook(session.player, game.slug)

    async def delete() -> None:
        await book.delete(review.id)
        session.toast(words("reviews.deleted"), "success")
        gone()

    parts: list[ft.Control] = []
    if review.hidden_because:
        parts.append(
            note("reviews.hidden", words("reviews.hidden", reason=review.hidden_because), tone="warning")
        )
    buttons: list[ft.Control] = [
        button("reviews.edit", words("reviews.edit"), edit, icon=ft.Icons.EDIT_OUTLINED),
        button("reviews.delete", words("reviews.delete"), lambda: set_asked(True), kind="quiet"),
    ]
    below: list[ft.Control] = [ft.Row(buttons, spacing=Space.S, wrap=True)]
    author = Author(display_name=words("reviews.you", name=session.account.display_name))
    parts.append(review_card(session, review.shown(author), below=below))
    if is_asked:
        parts.append(
            Confirm(
                "reviews.delete.confirm",
                words("reviews.delete_title"),
                words("reviews.delete_detail"),
                words("reviews.delete"),
                delete,
                lambda: set_asked(False),
            )
        )
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=_STRETCH)
