"""Forms: they read what was typed and say what cannot be read. The rules are in core; nothing is written here."""
