"""Demand and capacity: what waits now, what is coming, and what more posts would change and when."""
