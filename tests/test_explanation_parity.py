"""One explanation, three places: every sentence, sum and article of a slip stands on page, API and PDF."""

import html
import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from allowances.exports.slip import slip_pdf
from allowances.frozen import explain_input
from allowances.models import Adjustment
from allowances.queries.slips import slip_of
from attendance.models import DayRecord
from tests.pay_pages import LATE_ON, Office
from tests.runs import AT, MONTH, change_day, close_month, locked, score

pytestmark = pytest.mark.django_db
WORDS = ("label", "sentence", "arithmetic", "article", "note")


def plain(text):
    """Without the white space that a page, a line's end or a column puts in."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def told(slip):
    """Every text of the explanation, by where it stands."""
    trees = [slip.tree, *([slip.base] if slip.base else [])]
    for tree in trees:
        for node in walk(tree):
            for name in WORDS:
                words = getattr(node, name)
                if words:
                    yield f"{node.key or node.label}.{name}", words


def missing(slip, text):
    found = plain(text)
    return [(where, words) for where, words in told(slip) if plain(words) not in found]


def pdf_text(content):
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    # Feet of pages stand between two lines of a step.
    return "\n".join(re.sub(r"\n?[^\n]*Halaman\s+\d+\s+dari\s+\d+[^\n]*", "", page) for page in pages)


def api_text(body):
    def texts(step):
        yield from (step[name] for name in WORDS)
        for child in step["children"]:
            yield from texts(child)

    return "\n".join(text for tree in (body["tree"], body["base"]) for text in texts(tree))


def late():
    """Somebody late, in a locked November."""
    office = Office()
    return office, office.row(locked(office.government))


def with_rapel():
    """December, locked, which mends November."""
    office, row = late()
    reason = {"source": "correction:1", "reason": "Koreksi absen disetujui", "recorded_at": AT}
    Adjustment.objects.create(person=office.wulan, month=MONTH, **reason)
    change_day(office.wulan, LATE_ON, AT, minutes_late=0)
    december = MONTH.replace(month=12)
    score(office.wulan, "Baik", december)
    close_month(office.wulan, {date(2026, 12, 3): {"absent_days": 1, "present_days": 0}}, december)
    return office, office.row(locked(office.government, december, datetime(2027, 1, 3, tzinfo=UTC)))


def estimated():
    """A draft with a leave, a report that is missing and a day of an announced outage."""
    office = Office()
    DayRecord.objects.filter(person=office.wulan).delete()
    outage = {"minutes_late": 95, "first_in": "09:05:00", "labels": {"calendar": "five_day", "outage": True}}
    days = {date(2026, 11, 3): {"leave_days": 1, "present_days": 0, "place": "leave"},
            date(2026, 11, 4): {"reports_missing": 1, "labels": {"calendar": "five_day", "report": "missing"}},
            date(2026, 11, 5): outage, date(2026, 11, 6): {"missing_in": 1, "minutes_late": 240}}  # fmt: skip
    close_month(office.wulan, days)
    return office, office.row(office.run())


@pytest.fixture(params=[late, with_rapel, estimated], ids=lambda made: made.__name__)
def paid(request):
    return request.param()


def test_every_word_of_the_explanation_stands_in_all_three(paid):
    office, row = paid
    slip = slip_of(row)
    assert slip.alarm == () and len(list(told(slip))) > 20
    for name, page, answer in (
        ("hr", reverse("allowances:slip", args=[row.run_id, row.person_id]),
         reverse("api:slip", args=[row.run_id, row.person_id])),
        ("wulan", f"{reverse('allowances:my_slip')}?hitung={row.run_id}", reverse("api:own_slip", args=[row.run_id])),
    ):  # fmt: skip
        assert missing(slip, office.client(name).get(page).content.decode()) == []
        assert missing(slip, api_text(office.client(name).get(answer).json())) == []
    assert missing(slip, pdf_text(slip_pdf(row).content)) == []


def test_every_line_of_a_slip_has_its_sentence_its_article_and_its_sum(paid):
    _, row = paid
    slip = slip_of(row)
    for node in (*walk(slip.tree), *walk(slip.base)):
        assert node.label and node.sentence.endswith(".") and node.article, node.label
        parts = [child.amount for child in node.children if child.amount]
        assert len(parts) < 2 or "=" in node.arithmetic, node.label


def test_the_slip_says_all_that_the_rules_explain(paid):
    """What `explain_month` says below its root stands on the slip, except that rapel is told month by month there."""
    _, row = paid
    said = {words for _, words in told(slip_of(row))}
    for step in walk(explain_input(row)):
        if step.key not in ("net", "carried"):
            assert {step.sentence, step.arithmetic, step.article} - {""} <= said, step.key


def test_parity_sees_what_is_left_out(paid):
    """The comparison itself can fail."""
    _, row = paid
    slip = slip_of(row)
    text = "\n".join(words for _, words in told(slip))
    assert missing(slip, text) == []
    sentence = slip.components[0].children[0].sentence
    assert [where for where, words in missing(slip, text.replace(sentence, "")) if words == sentence]
