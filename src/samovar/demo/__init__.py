"""The showcase: a catalogue of real free games and invented ones, pictures for them, players who have opinions."""
