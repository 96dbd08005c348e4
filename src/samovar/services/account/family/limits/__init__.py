"""What the adults of a family let its children do, and for how long."""
