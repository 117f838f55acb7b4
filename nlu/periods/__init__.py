"""An own grammar of periods: tokens become typed atoms, atoms combine, the result is half-open."""
