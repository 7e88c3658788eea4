"""The recording of a call: two soft notes, 8 kHz, a second or two."""

from __future__ import annotations

import io
import math
import wave

from sandbox.companies.base import PhoneCall, Said

RATE = 8000
NOTES = (440.0, 554.4)


def recording(call: PhoneCall) -> bytes:
    """Always the same for the same call."""
    seconds = min(3, max(1, call.seconds()))
    frames = bytearray()
    for place in range(RATE * seconds):
        note = NOTES[(place // (RATE // 4)) % len(NOTES)]
        frames += int(6000 * math.sin(2 * math.pi * note * place / RATE)).to_bytes(2, "little", signed=True)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(frames))
    return file.getvalue()


def said(call: PhoneCall | None) -> Said:
    if call is None or not call.answered:
        return Said({"error": "there is no such recording"}, 404)
    return Said(recording(call), content_type="audio/wav")
