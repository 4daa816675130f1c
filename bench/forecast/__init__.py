"""The forecast: how fast the queue is, and whether its intervals hold."""
