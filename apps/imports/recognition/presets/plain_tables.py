"""Tables of no system that is known: what people call their columns in a spreadsheet, in several languages."""

from apps.imports.recognition.presets.declarations import CLOSE, Preset

OWNER = ("Owner", "Rep", "Sales rep", "Salesperson", "Sales agent", "Account manager", "Seller", "Besitzer", "Verkäufer", "Vertriebsmitarbeiter",
         "Zuständig", "Propriétaire", "Commercial", "Propietario", "Vendedor")  # fmt: skip
AMOUNT = ("Amount", "Value", "Deal value", "Close value", "Revenue", "Betrag", "Wert", "Umsatz", "Montant", "Valeur", "Importe", "Valor")
CREATED = ("Created", "Created on", "Created at", "Create date", "Created date", "Engage date", "Opened", "Erstellt", "Erstellt am", "Angelegt am", "Créé le",
           "Date de création", "Fecha de creación", "Creado")  # fmt: skip
CUSTOMER = ("Customer", "Account", "Company", "Account name", "Client", "Kunde", "Firma", "Unternehmen", "Cliente", "Société", "Empresa")
CLOSED = ("Closed", "Closed on", "Close date", "Closing date", "Abschluss", "Abschlussdatum", "Geschlossen am", "Date de clôture", "Fecha de cierre")
CURRENCY = ("Currency", "Währung", "Devise", "Moneda")

PRESETS = (
    Preset(
        "",
        "deals",
        "opportunities",
        tell=(("Stage", "Deal stage", "Status", "Phase", "Deal-Phase", "Verkaufsphase", "Étape", "Etapa"), AMOUNT, OWNER),
        fields={
            "external_key": ("Id", "Deal Id", "Opportunity Id", "Key", "No", "Number", "Nr", "Nummer", "Deal-ID", "ID"),
            "name": ("Name", "Deal", "Deal name", "Opportunity", "Opportunity name", "Title", "Titel", "Deal-Name", "Bezeichnung", "Nom", "Nombre"),
            "owner": OWNER,
            "customer": CUSTOMER,
            "product": ("Product", "Produkt", "Produit", "Producto"),
            "stage": ("Stage", "Deal stage", "Phase", "Deal-Phase", "Verkaufsphase", "Étape", "Etapa", "Status"),
            "amount": AMOUNT,
            "currency": CURRENCY,
            "probability": ("Probability", "Probability (%)", "Wahrscheinlichkeit", "Probabilité", "Probabilidad"),
            "created_on": CREATED,
            CLOSE: CLOSED,
            "expected_close_on": ("Expected close", "Expected close date", "Expected on", "Erwarteter Abschluss"),
            "lost_reason": ("Lost reason", "Loss reason", "Verlustgrund"),
        },
    ),
    Preset(
        "",
        "orders",
        "orders",
        tell=(("Order date", "Ordered", "Ordered on", "Bestelldatum", "Auftragsdatum"), AMOUNT, OWNER),
        fields={
            "external_key": ("Order", "Order Id", "Order number", "Auftrag", "Auftragsnummer", "No", "Id"),
            "number": ("Order number", "Auftragsnummer"),
            "rep": OWNER,
            "customer": CUSTOMER,
            "ordered_on": ("Order date", "Ordered", "Ordered on", "Bestelldatum", "Auftragsdatum"),
            "amount": AMOUNT,
            "currency": CURRENCY,
            "cost": ("Cost", "Kosten"),
        },
    ),
    Preset(
        "",
        "people",
        "reps",
        tell=(("Rep", "Sales rep", "Name", "Salesperson"), ("Hired", "Hired on", "Hire date", "Eintritt", "Start date")),
        fields={
            "external_key": ("Employee Id", "Id", "No", "Key"),
            "name": ("Name", "Rep", "Sales rep", "Salesperson"),
            "hired_on": ("Hired", "Hired on", "Hire date", "Eintritt", "Start date"),
            "left_on": ("Left", "Left on", "End date", "Austritt"),
        },
    ),
    Preset(
        "",
        "products",
        "products",
        tell=(("Product", "Product name", "Produkt"), ("Price", "List price", "Sales price", "Family", "Series", "Preis")),
        fields={
            "external_key": ("Product Id", "SKU", "Id", "Key"),
            "name": ("Product name", "Product", "Produkt"),
            "family": ("Family", "Series", "Category", "Kategorie"),
            "list_price": ("List price", "Price", "Sales price", "Preis"),
        },
    ),
    Preset(
        "",
        "customers",
        "customers",
        tell=(("Customer", "Account", "Account name", "Company", "Kunde", "Firma"), ("Industry", "Sector", "Branche", "Secteur")),
        fields={
            "external_key": ("Customer Id", "Account Id", "Id", "Key", "Account", "Customer"),
            "name": ("Customer", "Account", "Account name", "Company", "Kunde", "Firma", "Name"),
            "industry": ("Industry", "Sector", "Branche", "Secteur"),
            "owner": OWNER,
        },
    ),
)
