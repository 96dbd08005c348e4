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
from samovar.client.screens.console.proving import use_proof
from samovar.client.screens.console.standing import standing_badge
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space

_FORMS = ("company", "entrepreneur", "self_employed")
# How many digits an INN has, and the words for it.
_INN_RULES = {
    "company": (10, "legal.inn.company"),
    "entrepreneur": (12, "legal.inn.person"),
    "self_employed": (12, "legal.inn.person"),
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
        found.again()
        changed()

    legal = found.value
    parts: list[ft.Control] = []
    if legal.confirmed:
        parts.append(_claim(session, legal.confirmed, words("legal.confirmed")))
    if legal.latest and legal.latest.state != "confirmed":
        parts.append(_claim(session, legal.latest, words("legal.latest")))
        parts += _verdict(session, legal.latest, found.again)
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
        if not form.require(needed, words("form.required")):
            return
        length, rule = _INN_RULES[kind]
        if not (form.text("inn").isdecimal() and len(form.text("inn")) == length):
            form.tell({"inn": words(rule)})
            return
        names = ("inn", "legal_name", "ogrn", *(("kpp",) if kind == "company" else ()))
        details = {"legal_form": kind} | {name: form.text(name) for name in names if form.text(name)}

        async def work() -> None:
            await proof.show()
            await Organisations(session.player).claim(organisation_id, details)
            session.toast(words("legal.done"), "success")
            done()

        await doing.run(work)

    placed = show_errors(
        form,
        doing,
        (*_FIELDS, "password", "code"),
        proof=proof.kind,
        words=words,
    )
    parts: list[ft.Control] = [] if proof.is_asked else problem_note("legal.problem", doing, placed=placed)
    parts.append(_fields(session, form, kind, set_kind))
    parts += proof.fields("legal")
    save = button("legal.submit", words("legal.submit"), claim, kind="primary", busy=doing.is_busy)
    parts += [ft.Row([save]), texts.caption(words("legal.rule"))]
    return panel(*parts, title=words("legal.title"))


def _fields(session: Session, form: Form, kind: str, set_kind: Callable[[str], None]) -> ft.Control:
    words = session.words
    number = ft.KeyboardType.NUMBER
    fields: list[ft.Control] = [
        select(
            "legal.form",
            words("legal.form"),
            [(one, words(f"legal.form.{one}")) for one in _FORMS],
            kind,
            set_kind,
            width=320,
        ),
        text_field(
            "legal.inn",
            form,
            "inn",
            words("legal.inn"),
            helper=words(_INN_RULES[kind][1]),
            length_max=12,
            keyboard=number,
        ),
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
        fields.append(text_field("legal.kpp", form, "kpp", words("legal.kpp"), length_max=9, keyboard=number))
    if kind != "self_employed":
        fields.append(
            text_field(
                "legal.ogrn",
                form,
                "ogrn",
                words("legal.ogrn" if kind == "company" else "legal.ogrnip"),
                length_max=15,
                keyboard=number,
            )
        )
    return form_column(*fields)
