"""What is left over: uploads that were given up, and packs that no build needs."""
