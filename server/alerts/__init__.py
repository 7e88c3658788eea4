"""Who is told when something is wrong: what is watched, whom it is told, how it gets there.

`watching` looks what is wrong with an account, `opening` notes it and writes the messages in the same transaction,
`outbox` hands them to a process of its own (`python -m server.alerts`), which alone knows Apprise.
"""
