"""One person: what is known of them, handed out as a file, erased, and not learned again from old calls."""

from __future__ import annotations

from server.persons.erasing import Receipt as Receipt
from server.persons.erasing import cut_off as cut_off
from server.persons.erasing import erase as erase
from server.persons.erasing import receipt_of as receipt_of
from server.persons.erasing import receipts as receipts
from server.persons.erasing import resume as resume
from server.persons.exporting import document as document
from server.persons.finding import Found as Found
from server.persons.finding import Person as Person
from server.persons.finding import find as find
from server.persons.finding import who as who
from server.persons.forgetting import digest as digest
from server.persons.forgetting import forgotten as forgotten
