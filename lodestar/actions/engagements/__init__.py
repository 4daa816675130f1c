"""Engagements with agencies: taken in, told to whoever is concerned, looked at, and how each source is read."""
