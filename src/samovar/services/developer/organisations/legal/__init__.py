"""What an organisation is in law, and whether a register says so, too."""
