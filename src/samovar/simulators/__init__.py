"""The outside world as small real servers, for development and tests. They share no code with the platform.

Each is a package that runs as `python -m samovar.simulators.<name> --http-port N` with more ports as it needs, listens on the
loopback address alone, shows its state on `/`, and misbehaves when asked to.
"""
