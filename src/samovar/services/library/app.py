"""The declaration of library."""

from samovar.kit.runtime import Service

service = Service(
    name="library",
    summary="What a player holds and has done in it: licences, play time, achievements, saves",
    package=__package__,
)
