"""Every door and every parser, given what nobody would send; see docs/fuzzing.md."""
