"""Search: the index of the store, what is asked of it, and what keeps it fresh."""
