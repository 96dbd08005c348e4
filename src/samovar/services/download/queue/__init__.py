"""The queue of each device, and the tickets to contents."""
