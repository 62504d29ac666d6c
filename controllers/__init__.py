"""The whole URL map. Center paths live inside `web.tenancy.INSIDE`; the others are the base host's or every host's.

/  /dev/mail                                     home, mailbox (development)
/webhooks/{vendor}/clickfunnels                  webhooks
/health/live  /health/ready                      health (any host)
/theme  /media  /avatar  /favicon.ico  …         public files (every host); /static is served before the router
/console/…                                       console (centers, setup, invitation, confirmation, PAGES of a vendor)
<center>/                                        landing
<center>/sign-in …  /sign-out                    center.sign_in
<center>/sign-in/password                        center.sign_in_password
<center>/password …                              center.password
<center>/courses …                               center.courses
<center>/email …                                 center.email (what a change of address mails)
<center>/sso                                     center.sso
<center>/account …                               center.account (its TABS, profile, email)
"""

from __future__ import annotations

from controllers import center, console, health, home, mailbox, public_files, webhooks
from settings import settings

ROUTES = [center.router, console.router, *home.ROUTES, *webhooks.ROUTES, *health.ROUTES, *public_files.ROUTES]
if not settings.production:
    ROUTES += mailbox.ROUTES
