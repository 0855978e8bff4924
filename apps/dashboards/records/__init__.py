"""Facts as pages: a deal, lead, customer, order or activity, for whoever may see it."""
