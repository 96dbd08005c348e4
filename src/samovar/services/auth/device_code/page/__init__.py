"""The pages of letting a device in, for browsers that are signed in."""
