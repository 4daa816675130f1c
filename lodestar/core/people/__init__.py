"""Who a report is about: identifiers read and checked, candidates compared, and a verdict that can be undone."""
