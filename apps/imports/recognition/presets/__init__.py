"""Every table that is recognised, by system. To recognise another one, declare it here."""

from apps.imports.recognition.presets import others, plain_tables, salesforce

PRESETS = (*salesforce.PRESETS, *others.PRESETS, *plain_tables.PRESETS)
