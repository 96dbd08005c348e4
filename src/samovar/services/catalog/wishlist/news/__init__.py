"""News: what happens to apps that people wait for, told once to each of them."""
