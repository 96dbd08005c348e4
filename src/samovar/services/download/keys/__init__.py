"""Keys with which developers sign builds."""
