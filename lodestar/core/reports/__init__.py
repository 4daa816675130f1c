"""What came in: the report as understood, what it needs, and the rows of files that carry reports."""
