"""What packages cost: where, when, with which discount, and what they cost before."""
