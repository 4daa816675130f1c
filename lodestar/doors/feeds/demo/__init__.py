"""The demonstration force: invented people, calibrated to published figures, as plain facts.

``generate.generate(seed=…, as_of=…)`` makes the force; ``columns.columns(n, seed, …)`` makes many closed matters for the
benchmark. The same seed and instant give the same bytes.
"""
