"""The search for a plan, compiled: a start by insertion, then large-neighbourhood search. ``solve`` is its one door."""
