"""What tests stand on: real servers as pytest fixtures. Never imported by shipped code."""
