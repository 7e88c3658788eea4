"""Which registers had a call's card, how soon, and why the others had not."""

from server.sightings.reading import Sighting, Speed, of, speed
from server.sightings.recording import Sightings
from server.sightings.verdicts import HAD, UP, VERDICTS

__all__ = ["HAD", "UP", "VERDICTS", "Sighting", "Sightings", "Speed", "of", "speed"]
