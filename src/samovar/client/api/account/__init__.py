"""What a person says of themselves, whom they know, and what they have decided."""
