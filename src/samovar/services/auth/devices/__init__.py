"""The devices on which an account has signed in: seen, named, trusted, forgotten."""
