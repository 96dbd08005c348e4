"""The links of an account to outside identity services: seen, begun, taken away."""
