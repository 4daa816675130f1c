"""Who is the same: records compared field by field, weighed by a model that Splink trained, and banded with vetoes."""
