"""The generated pages are those that the code would make now, and the glossary names every fact."""

from pathlib import Path

import pytest

from policy import glossary, vocabulary
from wfh_portal.generated_docs import pages

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_fresh(name: str) -> None:
    stored = (DOCS / name).read_text(encoding="utf-8") if (DOCS / name).exists() else ""
    assert stored == pages()[name], f"docs/{name} sudah usang: jalankan manage.py generate_docs"


def test_the_glossary_has_every_name_that_documents_may_use() -> None:
    assert set(glossary.DAY_FACTS) == vocabulary.DAY_NUMBERS
    assert set(glossary.DAY_LABELS) == vocabulary.DAY_LABELS
    assert set(glossary.PERSON_FACTS) == vocabulary.PERSON_FACTS
    assert set(glossary.MONTH_FACTS) == vocabulary.MONTH_FACTS
    assert set(glossary.OTHER_GIVEN) >= vocabulary.OTHER_GIVEN
