"""What is declared once: names, activities, threat kinds, parameters, levers."""
