"""Guesses from a stage's name whether it is open, won or lost; a name that does not say so is not guessed."""

import re

WON = re.compile(r"\b(won|gewonnen|gagnée?|ganad[oa]|closed[- ]?won|contract signed|abgeschlossen gewonnen)\b", re.IGNORECASE)
LOST = re.compile(r"\b(lost|verloren|perdue?|perdid[oa]|closed[- ]?lost|disqualified|abandoned|rejected|cancell?ed)\b", re.IGNORECASE)
OPEN = re.compile(
    r"(open|prospect|qualif|propos|negotiat|discover|demo|contact|meeting|appointment|presentation|decision|lead in|engag|analy|review|quote|"
    r"needs|perception|idea|pilot|trial|verhandl|angebot|bedarf|termin|offen|devis|négoc|découverte|propuesta|contacto)",
    re.IGNORECASE,
)


def kind(name: str) -> str | None:
    """Return "open", "won" or "lost", or None."""
    spaced = name.replace("_", " ")
    spaced = re.sub(r"(?<=closed)(?=won|lost)", " ", spaced)  # HubSpot's closedwon
    if WON.search(spaced):
        return None if LOST.search(spaced) else "won"
    if LOST.search(spaced):
        return "lost"
    return "open" if OPEN.search(spaced) else None
