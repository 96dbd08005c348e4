"""Cloud saves: the rules, the folder, and the syncing of both with the cloud."""
