"""What every service stands on. The kit names no service and imports nothing else of ours."""
