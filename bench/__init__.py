"""The budgets of section 10 of the design, measured in one run over the real socket and a real browser."""
