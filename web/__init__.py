"""From the wire to a handler and back: limits, tenancy, sessions, forms, pages and errors."""
