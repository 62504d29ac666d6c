"""What vendors write in place of named parts of pages and mails: Jinja's syntax, and of it only what cannot do harm.

Neither Jinja's sandbox nor minijinja with fuel held when they were tried (docs/adr/0016-partials-of-vendors.md): so a
template is read by Jinja's own parser, accepted only as far as its tree is understood here, given plain copies of the
few things its slot publishes, and its output is sanitised like that of a stranger.

Nothing in this package but `kept` imports settings or tables: the trial runs the rest in a bare child process.
"""
