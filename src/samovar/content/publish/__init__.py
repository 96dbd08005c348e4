"""What the platform makes of builds: deltas from one to the next, and plans."""
