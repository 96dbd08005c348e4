"""Following: what moves a refund on: the word of library, and the clock."""
