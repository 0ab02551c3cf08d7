"""The page that Dash draws: layout, figures, theme, and the card in words."""
