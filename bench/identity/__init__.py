"""Linkage measured: invented engagements with the truth beside them, and peers on the same data."""
