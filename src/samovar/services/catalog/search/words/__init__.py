"""What people call things and how they misspell them: aliases, distances."""
