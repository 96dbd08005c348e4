"""The declaration of admin."""

from samovar.kit.runtime import Service

service = Service(
    name="admin",
    summary="Moderation and operations: cases, sanctions, appeals, four-eyes changes, audit",
    package=__package__,
)
