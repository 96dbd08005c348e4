"""What is long past: rolled up into sums, and chained by hashes so that a change is seen."""
