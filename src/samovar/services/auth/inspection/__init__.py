"""What tokens of programs say, and taking them back."""
