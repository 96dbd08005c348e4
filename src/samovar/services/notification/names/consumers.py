"""What is heard of names, and of who owns an organisation."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import ProfileChanged
from samovar.services.auth.contract.events import RolesChanged
from samovar.services.catalog.contract.events import AppChanged, PackageChanged
from samovar.services.developer.contract.events import OrganisationChanged
from samovar.services.notification.names import repository

SEATS_MAX = 1_000


@consumes(AppChanged)
async def name_app(event: AppChanged, tx: Transaction) -> None:
    """Keep the title and the address of an app, and whether it can be played."""
    await repository.put_app(
        tx,
        event.app_id,
        slug=event.slug,
        title=event.title,
        is_out=event.state == "published" and event.stage != "coming_soon",
        version=event.version,
    )


@consumes(PackageChanged)
async def place_package(event: PackageChanged, tx: Transaction) -> None:
    """Keep to which app a package belongs."""
    await repository.put_package(tx, event.package_id, event.app_id, event.version)


@consumes(ProfileChanged)
async def name_person(event: ProfileChanged, tx: Transaction) -> None:
    """Keep what a person is called."""
    await repository.put_person(
        tx,
        event.account_id,
        display_name=event.display_name,
        avatar_url=event.avatar_url,
        version=event.version,
    )


@consumes(OrganisationChanged)
async def name_organisation(event: OrganisationChanged, tx: Transaction) -> None:
    """Keep what an organisation is called."""
    await repository.put_organisation(tx, event.organisation_id, event.name, event.version)


@consumes(RolesChanged)
async def seat_member(event: RolesChanged, tx: Transaction) -> None:
    """Keep in which organisations somebody has a seat; a seat in one game alone hears nothing of the organisation."""
    seats = [grant for grant in event.grants if grant.game_id is None][:SEATS_MAX]
    await repository.put_seats(
        tx,
        event.account_id,
        organisation_ids=[grant.organisation_id for grant in seats],
        levels=[grant.level for grant in seats],
        said_at=event.changed_at,
    )
