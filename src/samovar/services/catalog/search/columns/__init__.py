"""What is filtered, counted and sorted by, in memory: a place for each app, roaring bitmaps of places for each value."""
