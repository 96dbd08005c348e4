"""Settling: packs of builds that are live already are compressed again, in the background."""
