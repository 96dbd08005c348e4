"""The declaration of library."""

from samovar.kit.runtime import Service
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked

service = Service(
    name="library",
    summary="What a player holds and has done in it: licences, play time, achievements, saves",
    package=__package__,
    publishes=(LicenceGranted, LicenceRevoked),
)
