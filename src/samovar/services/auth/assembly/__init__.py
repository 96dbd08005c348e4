"""How auth is put together: what its rooms share."""
