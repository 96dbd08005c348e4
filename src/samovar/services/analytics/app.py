"""The declaration of analytics."""

from samovar.kit.runtime import Service

service = Service(
    name="analytics",
    summary="Metrics, reports, recommendations, experiments",
    package=__package__,
)
