"""Talk and play together: chats, groups, presence, activity, lobbies, invites."""
