"""Finding people by their names, by a link to their profile, or by the code in it."""

from functools import partial
from urllib.parse import quote

import flet as ft

from samovar.client.api.account.profiles import Profiles
from samovar.client.components.buttons import button
from samovar.client.components.fields import text_field
from samovar.client.components.panels import badge
from samovar.client.components.people.rows import handle, person_row
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session
from samovar.client.screens.account.forms import use_form
from samovar.client.state.people.standing import code_in
from samovar.client.theme.tokens import Space

_QUERY_MIN = 2
_NONSENSE = "request.invalid"
_QUERY_MAX = 120


@ft.component
def FindField(query: str) -> ft.Control:
    """Ask for a name."""
    session = use_session()
    words = session.words
    form = use_form({"query": query})

    def find() -> None:
        wanted = form.text("query")
        code = code_in(wanted)
        if code:
            session.go(f"/u/{code}")
        elif len(wanted) < _QUERY_MIN:
            form.tell({"query": words("friends.find_short")})
        else:
            session.go(f"/friends?query={quote(wanted)}")

    field = text_field(
        "friends.query",
        form,
        "query",
        words("friends.find"),
        hint=words("friends.find_hint"),
        length_max=_QUERY_MAX,
        prefix=ft.Icons.SEARCH_ROUNDED,
        on_submit=find,
    )
    return ft.Row(
        [
            ft.Container(field, expand=True),
            # In line with the field, whose label stands above it.
            ft.Container(
                button("friends.find", words("friends.find_action"), find),
                padding=ft.Padding.only(top=24),
            ),
        ],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@ft.component
def Found(query: str) -> ft.Control:
    """Show whom a name may mean."""
    session = use_session()
    words = session.words
    found = use_loaded(lambda: Profiles(session.player).find(query), [query])
    # What no name can be like finds nobody.
    is_nonsense = found.problem is not None and found.problem.code == _NONSENSE
    if found.problem and not found.is_loading and not is_nonsense:
        return error_state("friends.found.error", found.problem, words, found.again)
    if found.is_loading or (found.value is None and not is_nonsense):
        return skeleton_rows(3, height=60)
    people = [] if is_nonsense or found.value is None else found.value
    if not people:
        return empty_state(
            "friends.nobody",
            ft.Icons.PERSON_SEARCH_ROUNDED,
            words("friends.nobody.title"),
            words("friends.nobody.detail"),
            action=button("friends.found.back", words("friends.back"), lambda: session.go("/friends")),
        )
    rows = [
        person_row(
            f"friends.found.{one.account_id}",
            one,
            handle(one) or words("friends.no_handle"),
            partial(session.go, f"/u/{one.account_id}"),
            [badge(words("friends.is_friend"), tone="success")] if one.is_friend else (),
        )
        for one in people
    ]
    return ft.Column(
        list(rows), spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
