"""The declaration of notification."""

from samovar.kit.runtime import Service

service = Service(
    name="notification",
    summary="What people are told, through which channel, and why",
    package=__package__,
)
