"""Reports that say more than one figure: several numbers that must add up."""
