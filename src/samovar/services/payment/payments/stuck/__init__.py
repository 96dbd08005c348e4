"""Money that waits for a person: what no provider sends back, and what no cash register takes."""
