"""The measures measured: ``python -m bench.measures``, or ``make bench-measures``."""
