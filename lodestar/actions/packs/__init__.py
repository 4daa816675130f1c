"""Meetings and the packs they leave: planned, prepared, held, frozen, published, and followed to the end."""
