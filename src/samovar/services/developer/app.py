"""The declaration of developer."""

from samovar.kit.runtime import Service

service = Service(
    name="developer",
    summary="Workflows of developers and publishers: organisations, drafts, releases, uploads",
    package=__package__,
)
