"""What becomes of the money of a sale: the developer's part, the commission, the tax."""
