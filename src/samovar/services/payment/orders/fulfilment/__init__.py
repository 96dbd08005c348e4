"""From a paid order to everything in it being given."""
