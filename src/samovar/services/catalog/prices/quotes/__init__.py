"""What payment makes quotes of: each line explained, or why it cannot be bought."""
