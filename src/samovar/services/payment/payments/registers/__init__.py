"""The registers of providers, day by day, beside what payments say."""
