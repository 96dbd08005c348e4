"""Registration and sign-in, sessions and tokens, roles and permissions."""
