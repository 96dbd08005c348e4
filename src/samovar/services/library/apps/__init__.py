"""Apps: what catalog says of them, copied for lists."""
