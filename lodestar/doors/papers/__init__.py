"""The door that papers leave by: the words of a paper set as a tagged PDF or as a Word document."""
