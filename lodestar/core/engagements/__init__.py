"""What agencies hold about people: the kinds of engagement, how a source's rows are read, and what an engagement changes."""
