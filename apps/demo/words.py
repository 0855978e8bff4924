"""The words that invented companies, people and campaigns are named with."""

ROOTS_FIRST = (
    "Amber", "Birch", "Cinder", "Dapple", "Elder", "Fern", "Gorse", "Hazel", "Indigo", "Juniper", "Kestrel", "Larch", "Mallow", "Nettle",
    "Osier", "Pebble", "Quill", "Rowan", "Sorrel", "Thistle", "Umber", "Vetch", "Willow", "Yarrow", "Bramble", "Copper", "Drift", "Ember",
    "Flint", "Heather", "Lichen", "Marl", "Ochre", "Plover", "Saffron", "Tansy", "Teasel", "Wren",
)  # fmt: skip
ROOTS_SECOND = (
    "beck", "combe", "dell", "fen", "garth", "haven", "hollow", "holme", "keld", "lea", "mere", "moor", "ness", "rigg", "shaw", "stead",
    "thorpe", "vale", "wick", "wold",
)  # fmt: skip
SECTORS = {
    "Food and drink": ("Foods", "Dairy", "Brewing", "Mills"),
    "Chemicals": ("Chemicals", "Coatings", "Resins"),
    "Pharmaceuticals": ("Pharma", "Biologics", "Laboratories"),
    "Energy": ("Energy", "Power", "Heat Networks"),
    "Water": ("Water", "Waterworks", "Treatment"),
    "Materials": ("Glass", "Ceramics", "Paper", "Alloys"),
    "Machinery": ("Machines", "Pumps", "Drives"),
    "Logistics": ("Logistics", "Cold Chain", "Terminals"),
}
GIVEN = (
    "Ada", "Bilal", "Camille", "Dmitri", "Esra", "Fatou", "Goran", "Hana", "Ismail", "Jelena", "Kofi", "Lucía", "Mehdi", "Ngozi", "Olek",
    "Priya", "Quentin", "Renske", "Sami", "Tove", "Uma", "Viktor", "Wanjiru", "Xenia", "Yusuf", "Zofia", "Arun", "Beatriz", "Chidi", "Dorota",
    "Eero", "Fenna", "Giulia", "Hugo", "Iman", "Jarek", "Keiko", "Levan", "Mirjam", "Nuno",
)  # fmt: skip
FAMILY = (
    "Abara", "Bergqvist", "Castellan", "Dvorkin", "Ekström-Ali", "Fonseka-Lind", "Ghorbanov", "Haldane-Roux", "Ivanescu", "Jokela", "Kaplanski",
    "Lemmens", "Moriyama", "Nwankwo", "Ortegaard", "Pellegrin", "Quarshie", "Rosendahl", "Sarkisian", "Thorvald", "Ueda", "Vermeulen-Das",
    "Wachira", "Ximenes", "Yıldız", "Zielonka", "Amankwah", "Brandvold", "Cordeiro-Lind", "Dashti", "Endo", "Fiala", "Gustavs", "Horvatin",
)  # fmt: skip
CAMPAIGNS = ("Search ads", "Webinar series", "Trade fair", "Newsletter", "Partner referrals", "Calibration guide")
LOST_REASONS = ("Price", "No decision", "Chose a competitor", "Bad timing", "Missing function", "No budget")
CHURN_REASONS = ("Moved to a competitor", "Site closed", "Budget cut", "Not used enough")
SUBJECTS = {
    "call": ("Follow up", "First call", "Check in after the quote", "Clarify requirements", "Call back"),
    "email": ("Send brochure", "Introduction", "Answer technical questions", "Send revised terms", "Recap of our talk"),
    "meeting": ("Site visit", "Requirements workshop", "Review with purchasing", "Project meeting"),
    "demo": ("Product demo", "Demo with the plant engineers", "Remote demo"),
    "onboarding": ("Onboarding", "Commissioning", "User training"),
}
POSTS = (
    "Five signs that a sensor drifts",
    "What we saw at the trade fair",
    "Calibration without a shutdown",
    "A plant that halved its rejects",
    "How to read a data sheet",
    "Meet us at the user day",
    "Three questions before you buy a gauge",
    "Why accuracy is not precision",
)
TESTS = ("Inline Sensor", "Plant Monitor", "Lab Analyser", "Insight Software")
