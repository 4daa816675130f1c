"""Linkage on files, with no database: who in these records is the same, and how good a model is at saying so."""
