"""What somebody typed and we cannot use. Said in one sentence; whoever raises it has changed nothing."""

from __future__ import annotations

# The sentence for the command line; the Manage pages have the same words in their languages.
SENTENCES = {
    "line_characters": "“{value}” is not a line: use digits, and * or # if your phone company does.",
    "line_long": "“{value}” is too long: a line has at most {most} characters.",
    "line_nobodys": "Choose whose line {value} is.",
    "line_many": "That is too many lines for one: {most} at most.",
    "number": "“{value}” is not a phone number of your country or of the world.",
    "employee_unknown": "There is no such employee in this account.",
    "register_unknown": "There is no such register in this account.",
    "spot_unknown": "There is no such spot in this account.",
    "did_unknown": "“{value}” is not in the list of outside numbers.",
    "provider_unknown": "There is no phone company “{value}” here.",
    "setting_unknown": "This phone company has no setting “{value}”.",
    "setting_missing": "“{value}” is needed.",
    "setting_wrong": "“{value}” must be {must}.",
    "dial_impossible": "No phone connection of this account can place calls.",
    "hang_up_impossible": "This phone company does not let us end calls.",
    "call_unknown": "There is no such call in this account, or it is over.",
    "recording_none": "This call has no recording that we could fetch.",
    "preference": "“{value}” cannot be set to that.",
    "guest_unknown": "There is no such guest in this account.",
    "kind": "“{value}” is no kind of flag.",
    "day": "“{value}” is not a day.",
    "short": "“{value}” is too short to search by.",
    "number_whole": "Your role shows numbers in part only, so only a whole number can be searched for.",
    "line_unknown": "Nobody has the line “{value}”.",
    "export_busy": "Two files are being made already. Try again in a minute.",
    "text": "A note needs words.",
    "text_long": "That is too long: {most} characters at most can be added.",
    "many": "That is too many: {most} at most.",
    "alert_bot": "This is not a bot's key: copy the whole line that BotFather sent, such as 123456789:AA….",
    "alert_chat": "“{value}” is no chat: it is a number, or @name of a channel.",
    "alert_chat_none": "Nobody has written to this bot yet: open it in Telegram, press Start, and add it again.",
    "alert_email": "“{value}” is not an e-mail address.",
    "alert_email_off": "This box has no mail server yet (SMTP_URL).",
    "alert_address": "This is not an address of Apprise: it begins with the service's name and ://.",
    "alert_service": "“{value}” is not allowed here: ask whoever installed Dzvinok (ALERT_SCHEMAS).",
    "alert_query": "“{value}” is not allowed in an address here.",
    "alert_unusable": "Apprise cannot use this address: compare it with the service's page.",
    "alert_denied": "The service does not accept this key.",
    "alert_silent": "The service does not answer just now. Try again in a minute.",
    "alert_many": "That is too many: {most} at most.",
    "alert_unknown": "There is no such target any more.",
    "alert_same": "This target is there already.",
    "taken": "Another guest has this number at Poster.",
    "trunk_unknown": "There is no such connection in this account.",
    "hours": "“{value}” is no time of the day: write it like 10:00.",
    "whose": "There is nobody called “{value}” in this account, or more than one.",
    "member_name": "Type a name.",
    "member_taken": "Somebody called “{value}” has a code already.",
    "member_unknown": "There is nobody like that here any more.",
    "member_first": "The first code must be an owner's.",
    "member_last": "This is the last owner, and others have codes: make somebody else an owner first.",
    "member_many": "That is too many people: {most} at most.",
    "code_short": "A code has at least {least} characters.",
    "code_long": "A code has at most {most} characters.",
    "person_calls": "They are on the phone this moment. Try again when the call is over.",
    "person_unknown": "Nothing is known of this number, so there is nothing to erase.",
    "person_changed": "More has become known meanwhile. Look again and confirm again.",
    "person_page": "That page was open for too long.",
    "receipt_unknown": "There is no such receipt in this account.",
    "no_table": "There is no such table in this report.",
    "role_unknown": "There is no role “{value}”.",
}


class Unfit(ValueError):
    """`word` is a key of `SENTENCES`, `values` fill its gaps; `str()` is the English sentence.

    What somebody typed is shortened; `must` is our own words.
    """

    def __init__(self, word: str, **values: str | int) -> None:
        self.word = word
        self.values = {
            name: str(value) if name == "must" else _short(value) for name, value in values.items()
        }
        super().__init__(SENTENCES[word].format_map(self.values))


def _short(value: str | int) -> str:
    text = "".join(char for char in str(value) if char.isprintable())
    return text if len(text) <= 40 else text[:39] + "…"
