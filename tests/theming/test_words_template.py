"""The translators' template holds exactly the words of the code and the templates."""

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from settings import ROOT

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2), "N_": None}


def words_in_code() -> set[str]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _file, _line, message, _comments, _context in found}


def test_the_template_is_up_to_date():
    with (ROOT / "locales" / "messages.pot").open("rb") as file:
        template = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)} - {""}
    assert words_in_code() == template, "run the command in locales/README.md"
    assert len(template) > 150
