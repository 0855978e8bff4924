"""No tables: the app is told of migrations because this module is here."""
