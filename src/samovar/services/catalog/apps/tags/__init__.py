"""Tags of apps: what players and moderators say beside the developer."""
