"""Measures Lodestar on the machine it runs on: ``python -m bench``. No figure in it is written by hand."""
