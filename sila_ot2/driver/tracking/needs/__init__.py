"""What commands need of tips and liquids that is not there, found before any of them is carried out."""
