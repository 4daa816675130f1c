"""Meetings, and the packs they leave behind."""
