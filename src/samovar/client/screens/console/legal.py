"""What an organisation is in law: what holds, what was said last, and saying it."""

from collections.abc import Callable

import flet as ft

from samovar.client.api.console.organisations import Claim, Legal, Organisations
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import named
from samovar.client.components.fields import form_column, select, text_field
from samovar.client.components.panels import note, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.account.proving import use_proof
from samovar.client.screens.console.standing import standing_badge
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Space

_FORMS = ("company", "entrepreneur", "self_employed")
# The numbers of each form, and how many digits they have.
_DIGITS = {
    "company": {"inn": 10, "kpp": 9, "ogrn": 13},
    "entrepreneur": {"inn": 12, "ogrn": 15},
    "self_employed": {"inn": 12},
}
_FIELDS = ("inn", "legal_name", "kpp", "ogrn", "legal_form")


@ft.component
def LegalPanel(organisation_id: str, changed: Callable[[], None]) -> ft.Control:
    """Show and say what an organisation is in law.

    Args:
        organisation_id: Whose.
        changed: Called after something was said: the organisation stands otherwise then.
    """
    session = use_session()
    words = session.words
    calls = Organisations(session.player)
    found = use_loaded(lambda: calls.legal(organisation_id), [organisation_id])
    is_open, set_open = ft.use_state(False)
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("legal.error", found.problem, words, found.again)
        return skeleton_rows(3)

    def done() -> None:
        set_open(False)
        look()

    def look() -> None:
        found.again()
        changed()

    legal = found.value
    parts: list[ft.Control] = []
    if legal.confirmed:
        parts.append(_claim(session, legal.confirmed, words("legal.confirmed")))
    if legal.latest and legal.latest.state != "confirmed":
        parts.append(_claim(session, legal.latest, words("legal.latest")))
        parts += _verdict(session, legal.latest, look)
    if is_open or (legal.confirmed is None and legal.latest is None):
        parts.append(ClaimForm(organisation_id, legal, done))
    else:
        again = button("legal.open", words("legal.change"), lambda: set_open(True))
        parts.append(ft.Row([again]))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _claim(session: Session, claim: Claim, title: str) -> ft.Control:
    words = session.words
    state = {"confirmed": "confirmed", "checking": "checking"}.get(claim.state, "unconfirmed")
    facts = [
        (words("legal.form"), words(f"legal.form.{claim.legal_form}")),
        (words("legal.name"), claim.legal_name or ""),
        (words("legal.inn"), claim.inn),
        (words("legal.kpp"), claim.kpp or ""),
        (words("legal.ogrn"), claim.ogrn or ""),
        (words("legal.claimed"), words.moment(claim.claimed_at)),
    ]
    return panel(
        ft.Column([named(name, value) for name, value in facts if value], spacing=Space.S, tight=True),
        title=title,
        action=standing_badge(words, state),
    )


def _verdict(session: Session, claim: Claim, again: Callable[[], None]) -> list[ft.Control]:
    """Return what became of a claim that does not hold."""
    words = session.words
    if claim.state == "refused":
        key = f"legal.finding.{claim.finding}"
        sentence = claim.reason or (words(key) if words.has(key) else words("legal.refused"))
        return [note("legal.refused", sentence, tone="danger")]
    look = texts.link("legal.look", words("legal.look"), again)
    return [note("legal.checking", words("legal.checking"), action=look)]


@ft.component
def ClaimForm(organisation_id: str, legal: Legal, done: Callable[[], None]) -> ft.Control:
    """Say what an organisation is in law; where the sign-in is not fresh, with a proof of who one is."""
    session = use_session()
    words = session.words
    former = legal.latest or legal.confirmed
    form = use_form(
        {
            "inn": former.inn if former else "",
            "legal_name": (former.legal_name if former else "") or "",
            "kpp": (former.kpp if former else "") or "",
            "ogrn": (former.ogrn if former else "") or "",
        }
    )
    kind, set_kind = ft.use_state(former.legal_form if former else "company")
    doing = use_doing()
    proof = use_proof(form, doing)

    async def claim() -> None:
        needed = [
            "inn",
            *(["legal_name"] if kind == "self_employed" else []),
            *([proof.kind] if proof.kind else []),
        ]
        is_whole = form.require(needed, words("form.required"))
        if not form.tell(_wrong_numbers(words, form, kind)) or not is_whole:
            return
        names = ("legal_name", *_DIGITS[kind])
        details = {"legal_form": kind} | {name: form.text(name) for name in names if form.text(name)}

        async def work() -> None:
            await proof.show()
            await Organisations(session.player).claim(organisation_id, details)
            session.toast(words("legal.done"), "success")
            done()

        await doing.run(work)

    placed = show_errors(form, doing, (*_FIELDS, "password", "code"), proof=proof.kind, words=words)
    parts: list[ft.Control] = [] if proof.is_asked else problem_note("legal.problem", doing, placed=placed)
    parts.append(_fields(session, form, kind, set_kind))
    parts += proof.fields("legal")
    save = button("legal.submit", words("legal.submit"), claim, kind="primary", busy=doing.is_busy)
    parts += [ft.Row([save]), texts.caption(words("legal.rule"))]
    return panel(*parts, title=words("legal.title"))


def _wrong_numbers(words: Words, form: Form, kind: str) -> dict[str, str]:
    """Return what is wrong with the numbers that were typed, by their fields."""
    typed = ((name, form.text(name), count) for name, count in _DIGITS[kind].items())
    return {
        name: words("legal.digits", count=count)
        for name, text, count in typed
        if text and not (text.isdecimal() and len(text) == count)
    }


def _fields(session: Session, form: Form, kind: str, set_kind: Callable[[str], None]) -> ft.Control:
    words = session.words

    def number(name: str, label: str) -> ft.Control:
        count = _DIGITS[kind][name]
        return text_field(
            f"legal.{name}",
            form,
            name,
            words(label),
            helper=words("legal.digits", count=count),
            length_max=count,
            keyboard=ft.KeyboardType.NUMBER,
        )

    fields: list[ft.Control] = [
        select(
            "legal.form",
            words("legal.form"),
            [(one, words(f"legal.form.{one}")) for one in _FORMS],
            kind,
            set_kind,
            width=320,
        ),
        number("inn", "legal.inn"),
        text_field(
            "legal.name",
            form,
            "legal_name",
            words("legal.name"),
            helper=words("legal.name.needed" if kind == "self_employed" else "legal.name.found"),
            length_max=300,
        ),
    ]
    if kind == "company":
        fields.append(number("kpp", "legal.kpp"))
    if kind != "self_employed":
        fields.append(number("ogrn", "legal.ogrn" if kind == "company" else "legal.ogrnip"))
    return form_column(*fields)
