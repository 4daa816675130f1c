"""Inspection: what was found, what was promised, what shows it, and the reply that the law asks for."""
