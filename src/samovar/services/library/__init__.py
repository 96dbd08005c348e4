"""What a player holds and has done in it: licences, play time, achievements, saves."""
