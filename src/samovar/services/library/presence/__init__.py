"""What players play at this moment, and what their games say that they do."""
