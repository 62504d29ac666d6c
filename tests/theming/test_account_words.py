"""What pages say about accounts."""

import pytest

from theming.account_words import spent_title


@pytest.mark.parametrize(
    ("reason", "title"),
    [
        ("used", "This link was already used"), ("expired", "This link is too old"),
        ("worn", "This link was tried too often"), ("done", "This is done already"),
        ("unknown", "This link does not work"), ("closed", "This link does not work"),
    ],
)  # fmt: skip
def test_the_title_of_a_spent_link_is_its_heading(reason, title):
    assert spent_title(reason) == title
