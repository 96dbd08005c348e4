"""The format: paths, chunks, trees, manifests, packs, deltas and plans."""
