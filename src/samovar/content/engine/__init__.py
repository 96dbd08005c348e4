"""The engine: installations fed from the network, in a queue, without holding up whoever shows them."""
