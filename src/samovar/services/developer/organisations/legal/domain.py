"""What an organisation may be in law, and what follows from what a register says. Pure."""

from typing import Literal, get_args

import msgspec

from samovar.kit.text.taxpayers import (
    COMPANY_INN_LENGTH,
    OGRN_LENGTH,
    OGRNIP_LENGTH,
    is_inn,
    is_ogrn,
)

LegalForm = Literal["company", "entrepreneur", "self_employed"]
ClaimState = Literal["checking", "confirmed", "refused", "replaced"]
LEGAL_FORMS: tuple[LegalForm, ...] = get_args(LegalForm)
# Minutes until a register that did not answer is asked again; after the last a person decides.
WAITS_MIN = (1, 2, 5, 15, 30, 60, 120, 240, 480, 960)


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """By which numbers an organisation says that it is known."""

    legal_form: LegalForm
    inn: str
    kpp: str | None
    ogrn: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a register says of a taxpayer.

    Attributes:
        name: None where the register of the self-employed is asked: it names nobody.
        is_active: It is not liquidated, and no bankrupt; a self-employed person pays that tax on this day.
    """

    is_active: bool
    name: str | None = None
    kpp: str | None = None
    ogrn: str | None = None


def faults_of(claim: Numbers, *, has_name: bool) -> list[tuple[str, str]]:
    """Return what is wrong: fields with stable codes."""
    found = []
    if not is_inn(claim.inn):
        found.append(("inn", "checksum_wrong"))
    elif (len(claim.inn) == COMPANY_INN_LENGTH) != (claim.legal_form == "company"):
        found.append(("inn", "wrong_for_form"))
    if claim.kpp and claim.legal_form != "company":
        found.append(("kpp", "wrong_for_form"))
    if claim.ogrn:
        length = {"company": OGRN_LENGTH, "entrepreneur": OGRNIP_LENGTH}.get(claim.legal_form)
        if len(claim.ogrn) != length:
            found.append(("ogrn", "wrong_for_form"))
        elif not is_ogrn(claim.ogrn):
            found.append(("ogrn", "checksum_wrong"))
    if claim.legal_form == "self_employed" and not has_name:
        # No register tells it.
        found.append(("legal_name", "missing"))
    return found


def refusal_of(claim: Numbers, entry: Entry | None) -> str | None:
    """Return why a claim is refused after a register was asked, as a stable code; none: it is confirmed."""
    if entry is None:
        return "not_in_register"
    if not entry.is_active:
        return "not_active"
    if claim.ogrn and entry.ogrn and claim.ogrn != entry.ogrn:
        return "ogrn_differs"
    if claim.kpp and entry.kpp and claim.kpp != entry.kpp:
        return "kpp_differs"
    return None
