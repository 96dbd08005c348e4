"""What auth tells of sign-ins and of what proves who somebody is."""
