"""The problem being worked: opening, grading, finding, closing, news and transfers."""
