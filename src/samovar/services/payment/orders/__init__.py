"""Orders: what is bought, from quote to licence."""
