"""Content on a player's disk: install, update, verify and repair, so that a folder is always the old build, the new one or resumable."""
