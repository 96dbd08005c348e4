"""The declaration of social."""

from samovar.kit.runtime import Service

service = Service(
    name="social",
    summary="Talk and play together: chats, groups, presence, activity, lobbies, invites",
    package=__package__,
)
