"""What organisations are told of how their apps do."""
