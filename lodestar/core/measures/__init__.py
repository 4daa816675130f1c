"""Measures: what is true of the performance, with its clock, its denominator and its doubt."""
