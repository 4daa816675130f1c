"""The register of inspections, its commitments and their evidence, the reply, and the force's own audit of cases."""
