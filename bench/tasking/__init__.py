"""Measures the tasking formula beside its peers, on problems that anybody can draw again from a seed."""
