"""Organisations, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.developer.contract.events import OrganisationChanged, OrganisationConfirmed
from samovar.services.developer.organisations import api, jobs
from samovar.services.developer.organisations.api_keys import api as api_keys_api
from samovar.services.developer.organisations.api_keys.adapters import Keys
from samovar.services.developer.organisations.api_keys.use_cases import OrganisationKeys
from samovar.services.developer.organisations.legal import api as legal_api
from samovar.services.developer.organisations.legal import jobs as legal_jobs
from samovar.services.developer.organisations.legal.domain import LegalForm
from samovar.services.developer.organisations.legal.registers.dadata import StateRegister
from samovar.services.developer.organisations.legal.registers.npd import SelfEmployed
from samovar.services.developer.organisations.legal.registers.port import Register
from samovar.services.developer.organisations.legal.registers.web import Web
from samovar.services.developer.organisations.legal.use_cases import LegalClaims
from samovar.services.developer.organisations.members import api as members_api
from samovar.services.developer.organisations.members.adapters import Faces
from samovar.services.developer.organisations.members.roster import Roster
from samovar.services.developer.organisations.members.use_cases import Members
from samovar.services.developer.organisations.use_cases import Organisations
from samovar.services.developer.rights import Rights
from samovar.services.developer.settings import DeveloperSettings

ROUTES = (
    *routes_in(api),
    *routes_in(members_api),
    *routes_in(api_keys_api),
    *routes_in(legal_api),
)
JOBS = (*jobs_in(jobs), *jobs_in(legal_jobs))
EVENTS = (OrganisationChanged, OrganisationConfirmed)


def build_organisations(
    kit: Kit, settings: DeveloperSettings, *, rights: Rights, web: Web
) -> dict[str, object]:
    """Build what the doors of organisations ask for by name."""
    roster = Roster(kit.peers)
    return {
        "organisations": Organisations(
            kit.database, roster=roster, rights=rights, clock=kit.clock, new_id=kit.new_id
        ),
        "members": Members(roster=roster, faces=Faces(kit.peers), rights=rights, clock=kit.clock),
        "organisation_keys": OrganisationKeys(keys=Keys(kit.peers), rights=rights),
        "legal_claims": LegalClaims(
            kit.database,
            registers=_registers(settings, web),
            rights=rights,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }


def _registers(settings: DeveloperSettings, web: Web) -> dict[LegalForm, Register]:
    registers: dict[LegalForm, Register] = {}
    if settings.self_employed_url:
        registers["self_employed"] = SelfEmployed(web, settings.self_employed_url)
    if settings.dadata_token:
        registers["company"] = StateRegister(web, settings.dadata_url, settings.dadata_token, "LEGAL")
        registers["entrepreneur"] = StateRegister(
            web, settings.dadata_url, settings.dadata_token, "INDIVIDUAL"
        )
    return registers
