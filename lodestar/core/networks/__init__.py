"""Who is linked to whom, as facts that an officer can check by hand. Nothing here is a score, and nothing is about a child's worth."""
