"""Files of calls, made by a process of its own (`python -m server.exporting`): a ring never waits for a million rows.

The job comes as JSON on its standard input, the file leaves on its standard output as it is made.
"""
