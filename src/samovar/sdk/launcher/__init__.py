"""Starting an installed game: its launch description, the bridge that it speaks to, and what happens before and after."""
