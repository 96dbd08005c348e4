"""What account tells of friends and families."""
