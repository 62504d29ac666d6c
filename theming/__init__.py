"""How a center looks and speaks: templates and their order, tokens, words, and the formats of money and time."""
