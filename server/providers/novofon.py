"""Novofon: another brand of Zadarma's cloud PBX, with its own cabinet and address."""

from __future__ import annotations

from server.providers.zadarma import Zadarma


class Novofon(Zadarma):
    name = "novofon"
    title = "Novofon"
    host = "api.novofon.com"
