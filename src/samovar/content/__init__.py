"""Content: from a developer's folder to a verified game on a player's disk. `docs/content-format.md` says it byte by byte.

A library that imports nothing of ours; the services download and developer, the command line, the SDK and the client stand on it.
"""
