"""«Шишки»: catch pine cones for the samovar's fire, keep out of the rain, and bring the water to the boil."""
