"""The operator's commands, all under Litestar's own `litestar`; `run` replaces the stock one."""

from __future__ import annotations

from click import Group
from litestar.plugins import CLIPluginProtocol

from commands import customer, demo, doctor, import_, member, migrations, run, theme, vendor, webhook, worker


class Commands(CLIPluginProtocol):
    """Adds our commands and takes away those that do not fit this application (sessions, schema)."""

    def on_cli_init(self, cli: Group) -> None:
        for name in ("run", "sessions", "schema"):
            cli.commands.pop(name, None)
        for command in (
            run.run, worker.worker, migrations.migrate, vendor.vendor, customer.customer, member.member, webhook.webhook,
            demo.demo, doctor.doctor, import_.import_, theme.theme,
        ):  # fmt: skip
            cli.add_command(command)
