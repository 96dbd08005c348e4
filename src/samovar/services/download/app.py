"""The declaration of download."""

from samovar.kit.runtime import Service

service = Service(
    name="download",
    summary="Delivery of games and content: manifests, chunks, deltas, queue, resume",
    package=__package__,
)
