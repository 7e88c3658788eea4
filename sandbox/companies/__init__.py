"""The phone companies that the panel can play, in the order in which it offers them."""

from __future__ import annotations

from sandbox.companies import (
    binotel,
    freepbx,
    generic,
    itoolabs,
    mango,
    phone,
    phonet,
    ringostat,
    sipuni,
    telnyx,
    twilio,
    uis,
    unitalk,
    zadarma,
)
from sandbox.companies.base import Company

COMPANIES: dict[str, Company] = {
    one.name: one
    for one in (
        *(binotel.COMPANY, zadarma.ZADARMA, zadarma.NOVOFON, ringostat.COMPANY, phonet.COMPANY),
        *(unitalk.COMPANY, itoolabs.COMPANY, sipuni.COMPANY, mango.COMPANY, uis.COMPANY),
        *(twilio.COMPANY, telnyx.COMPANY, phone.COMPANY, generic.COMPANY, freepbx.COMPANY),
    )
}
