"""Messages to the vendor's own people, in English as the console is."""
