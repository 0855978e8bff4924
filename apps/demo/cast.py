"""Who works at the demo company: invented people, with the months (before today) in which they came, moved and left."""

from dataclasses import dataclass

ORGANISATION = "Merrowdale Instruments"
DOMAIN = "kpiboard.example"
REGIONS = ("Northern Europe", "Central Europe", "Southern Europe")
ADMIN, VIEWER = "Ilse Adeyemi-Roth", "Bram Takahara"
OLD_HAND = 999  # came before the history begins


@dataclass(frozen=True)
class TeamPart:
    """One team: where it belongs, who leads it, and how it stands against its target today (1.0 is on pace)."""

    name: str
    region: str
    manager: str
    pace: float
    parent: str = ""
    manager_before: str = ""
    months_managed: int = 0


@dataclass(frozen=True)
class RepPart:
    """One rep: first team, strength (1.0 is average) and, in months before today, when they came, moved and left."""

    name: str
    team: str
    strength: float = 1.0
    came: int = OLD_HAND
    left: int = 0
    moved: int = 0
    moved_to: str = ""
    signs_in: bool = False


TEAMS = (
    TeamPart("North", REGIONS[0], "Saoirse Banerjee", pace=1.08),
    TeamPart("Nordics", "", "Mikko Vasquez-Lund", pace=0.97, parent="North"),
    TeamPart("Baltics", "", "Rasa Oyelaran", pace=0.80, parent="North"),
    TeamPart("Benelux", REGIONS[1], "Noor Kowalczyk", pace=0.94, manager_before="Gerrit Mbeki-Vos", months_managed=7),
    TeamPart("Alpine", REGIONS[1], "Leopold Nakamura", pace=1.12),
    TeamPart("Mediterranean", REGIONS[2], "Chiara Hadid-Moreau", pace=1.03),
)

REPS = (
    RepPart("Amara Lindqvist", "North", 1.30, signs_in=True),
    RepPart("Davit Osei-Brandt", "North", 1.10),
    RepPart("Freya Ramanathan", "North", 0.95, came=14),
    RepPart("Henrik Bao", "North", 1.05),
    RepPart("Aino Castellanos", "Nordics", 1.15, signs_in=True),
    RepPart("Emil Farouki", "Nordics", 0.90),
    RepPart("Sigrid Mwangi", "Nordics", 1.05),
    RepPart("Oskar Petrosyan", "Nordics", 0.80, left=9),
    RepPart("Linnea Achebe", "Nordics", 1.00, came=8),
    RepPart("Tuomas Delacroix-Ito", "Nordics", 1.20, moved=11, moved_to="North"),
    RepPart("Elif Sørbø", "Nordics", 0.85, came=2),
    RepPart("Jonas Quispe", "Baltics", 0.85),
    RepPart("Liga Ferreira-Holm", "Baltics", 1.00),
    RepPart("Marek Nandakumar", "Baltics", 0.75),
    RepPart("Kristjan Obi", "Baltics", 1.05, left=5),
    RepPart("Daina Rezaei", "Baltics", 0.90, came=17),
    RepPart("Pavel Aguilar-Tamm", "Baltics", 0.95, came=5),
    RepPart("Sanne Gebreselassie", "Benelux", 1.20, signs_in=True),
    RepPart("Thijs Yamaguchi-Smit", "Benelux", 0.95),
    RepPart("Lotte Karimov", "Benelux", 1.05),
    RepPart("Joris Adebayo", "Benelux", 0.80),
    RepPart("Fleur Santamaria-Diop", "Benelux", 1.00, came=20),
    RepPart("Anouk Bhattacharya", "Benelux", 1.10, moved=6, moved_to="Alpine"),
    RepPart("Ruben Halloran-Çelik", "Benelux", 0.90, left=13),
    RepPart("Mathilde Nguyen-Prins", "Benelux", 0.95, came=4),
    RepPart("Anselm Okonjo", "Alpine", 1.25),
    RepPart("Verena Silva-Hofer", "Alpine", 1.10),
    RepPart("Urs Tanveer", "Alpine", 0.95),
    RepPart("Selin Baumgartl", "Alpine", 1.00),
    RepPart("Matteo Zwingenberg", "Alpine", 0.85, left=16),
    RepPart("Katja Mensah-Fuchs", "Alpine", 1.05, came=15),
    RepPart("Florian Abenov", "Alpine", 0.90, came=10),
    RepPart("Heidi Rautio-Costa", "Alpine", 1.10, moved=14, moved_to="Mediterranean"),
    RepPart("Inés Jayawardena", "Mediterranean", 1.20, signs_in=True),
    RepPart("Luca Eze-Marchetti", "Mediterranean", 1.00),
    RepPart("Zeynep Almodova", "Mediterranean", 0.90),
    RepPart("Nikos Bjarnason", "Mediterranean", 0.85, came=19, left=3),
    RepPart("Marta Chukwu-Reis", "Mediterranean", 1.05),
    RepPart("Yannis Tremblay-Okada", "Mediterranean", 0.95, moved=4, moved_to="Benelux"),
    RepPart("Dario Hosseini-Vella", "Mediterranean", 1.10, came=12),
)
