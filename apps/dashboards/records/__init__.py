"""Facts as pages: a deal, quote, lead, customer, order or activity, for whoever may see it."""
