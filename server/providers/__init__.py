"""The providers, by the word that stands in their webhook address. One line each."""

from __future__ import annotations

from server.providers.asterisk import Asterisk
from server.providers.base import Provider
from server.providers.binotel import Binotel
from server.providers.freepbx import FreePbx
from server.providers.generic import Generic
from server.providers.itoolabs import ITooLabs
from server.providers.mango import Mango
from server.providers.novofon import Novofon
from server.providers.phone import Phone
from server.providers.phonet import Phonet
from server.providers.ringostat import Ringostat
from server.providers.sip import Sip
from server.providers.sipuni import Sipuni
from server.providers.telnyx import Telnyx
from server.providers.twilio import Twilio
from server.providers.uis import Uis
from server.providers.unitalk import UniTalk
from server.providers.zadarma import Zadarma

PROVIDERS: dict[str, Provider] = {
    one.name: one
    for one in (
        Binotel(),
        Generic(),
        Zadarma(),
        Novofon(),
        Phonet(),
        UniTalk(),
        Phone(),
        FreePbx(),
        Sip(),
        Asterisk(),
        Sipuni(),
        Ringostat(),
        ITooLabs(),
        Mango(),
        Uis(),
        Twilio(),
        Telnyx(),
    )
}
