"""What people let programs know of them: remembered, listed, withdrawn."""
