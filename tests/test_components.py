"""Figures as Indonesian readers write them, and the parts of pages: no inline code, escaping, states with words."""

import gzip
import re
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core import indonesian
from core.icons import ICONS
from core.templatetags.portal import STATUSES
from wfh_portal.pages.style import SampleForm

TEMPLATES = sorted((Path(__file__).resolve().parent.parent / "templates").rglob("*.html"))
AT = datetime(2026, 11, 19, 0, 21, 48, tzinfo=UTC)


def rendered(source: str, **context) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|rupiah }}", 9_520_000, "Rp9.520.000"),
        ("{{ v|rupiah }}", -40_000, "−Rp40.000"),
        ("{{ v|rupiah }}", Fraction(5, 2), "Rp2,50"),
        ("{{ v|rupiah }}", 0, "Rp0"),
        ("{{ v|rupiah }}", None, "—"),
        ("{{ v|rupiah_beda }}", 1_000, "+Rp1.000"),
        ("{{ v|rupiah_beda }}", 0, "Rp0"),
        ("{{ v|angka }}", 1_234_567, "1.234.567"),
        ("{{ v|angka:1 }}", Fraction(2469, 2), "1.234,5"),
        ("{{ v|angka }}", None, "—"),
        ("{{ v|angka }}", 0, "0"),
        ("{{ v|persen }}", Fraction(1, 200), "0,5 %"),
        ("{{ v|persen }}", Fraction(97, 100), "97 %"),
        ("{{ v|persen }}", Fraction(-1, 3), "−33,33 %"),
        ("{{ v|persen }}", None, "—"),
        ("{{ v|bp }}", 50, "0,5 %"),
        ("{{ v|tanggal }}", date(2026, 11, 19), "Kamis, 19 November 2026"),
        ("{{ v|tanggal }}", None, "—"),
        ("{{ v|tanggal_saja }}", date(2026, 2, 1), "1 Februari 2026"),
        ("{{ v|bulan }}", date(2026, 11, 1), "November 2026"),
        ("{{ v|jam:'Asia/Jakarta' }}", AT, "07.21.48 WIB"),
        ("{{ v|jam:'Asia/Makassar' }}", AT, "08.21.48 WITA"),
        ("{{ v|jam:'Asia/Jayapura' }}", AT, "09.21.48 WIT"),
        ("{{ v|jam_menit:'Asia/Jakarta' }}", AT, "07.21 WIB"),
        ("{{ v|jam_menit }}", time(16, 0), "16.00"),
    ],
)
def test_figures_read_as_indonesian(source: str, value, expected: str) -> None:
    assert rendered(source, v=value) == expected


@given(st.integers(-(10**15), 10**15))
def test_rupiah_can_be_read_back(amount: int) -> None:
    text = indonesian.rupiah(amount)
    assert int(text.replace("Rp", "").replace(".", "").replace("−", "-")) == amount


@given(st.fractions(-10, 10), st.integers(0, 6))
def test_decimal_is_within_half_a_last_place(value: Fraction, places: int) -> None:
    read = Fraction(indonesian.decimal(value, places).replace("−", "-").replace(".", "").replace(",", "."))
    assert abs(read - value) <= Fraction(1, 2 * 10**places)


def test_no_template_has_code_or_style_in_it() -> None:
    for path in TEMPLATES:
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r"https?://(?!www\.w3\.org)", text), path


def test_every_post_form_carries_its_token() -> None:
    for path in TEMPLATES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), flags=re.S):
            assert "{% csrf_token %}" in form, path


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_a_status_has_colour_icon_and_word(code: str) -> None:
    html = rendered("{% status code %}", code=code)
    assert re.search(r'class="p-tag is-\w+"', html)
    assert "<svg" in html
    assert STATUSES[code][2] in html


def test_unknown_status_shows_itself_and_unknown_icon_is_a_fault() -> None:
    assert "&lt;b&gt;" in rendered("{% status code %}", code="<b>")
    with pytest.raises(KeyError):
        rendered("{% icon 'nothing' %}")


def test_icons_are_shapes_only() -> None:
    for shape in ICONS.values():
        assert re.fullmatch(r"(<(path|circle)( [a-z-]+=\"[^\"<>]*\")+/>)+", shape)


@pytest.mark.parametrize("part", ["tag", "note", "empty"])
def test_text_is_escaped(part: str) -> None:
    html = rendered(f'{{% include "components/{part}.html" with text=evil title=evil icon="info" %}}', evil="<i>&")
    assert "<i>" not in html
    assert "&lt;i&gt;&amp;" in html


def test_errors_lead_to_their_fields() -> None:
    form = SampleForm({"phase": "9"})
    html = rendered('{% include "components/errors.html" %}{% include "components/form.html" %}', form=form)
    for name in ("reason", "phase"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in html
        assert f'id="id_{name}_error"' in html
    assert html.count("Tulis alasan keberatan") == 2
    assert 'aria-invalid="true"' in html


def test_form_without_errors_has_no_summary() -> None:
    assert "p-errors" not in rendered('{% include "components/errors.html" %}', form=SampleForm())


def test_receipt_says_in_words_whether_it_arrived() -> None:
    source = (
        '{% include "components/receipt.html" with title="Absen" at=at zone="Asia/Jakarta" number="N-1" queued=q %}'
    )
    arrived, queued = rendered(source, at=AT, q=False), rendered(source, at=AT, q=True)
    assert "Waktu server" in arrived
    assert "jam perangkat" in queued
    assert "is-warn" in queued
    assert "is-warn" not in arrived
    assert "07.21.48 WIB" in arrived


def test_tree_shows_every_level_and_its_proof() -> None:
    leaf = {"label": "TL1", "amount": -40_000, "article": "Pasal 14", "arithmetic": "4.000.000 × 1 %"}
    leaf["days"] = [{"on": date(2026, 10, 7), "record": "Masuk 07.47.12", "amount": "17 menit"}]
    leaf["objection_url"] = "/tunjangan/keberatan/?baris=1"
    html = rendered(
        '{% include "components/explain_tree.html" %}',
        nodes=[{"label": "Disiplin", "amount": 3_760_000, "children": [{"label": "Pengurang", "children": [leaf]}]}],
    )
    for text in ("Rp3.760.000", "−Rp40.000", "Pasal 14", "Rabu, 7 Oktober 2026", "07.47.12", "baris=1"):
        assert text in html
    # An amount that is not known is a dash, never nothing or zero.
    assert "—" in html
    assert html.count("<details") == html.count("</details>") == 3


def test_pager_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/x/?q=ani&page=2")
    request.user = AnonymousUser()
    page = Paginator(range(95), 30).page(2)
    html = Template('{% include "components/pager.html" %}').render(RequestContext(request, {"page": page}))
    assert "q=ani" in html
    assert "31–60 dari 95" in html
    assert "page=3" in html
    assert "page=1" in html


def test_steps_name_the_current_one() -> None:
    steps = [SimpleNamespace(label="Draf", state="done"), SimpleNamespace(label="Dikunci", state="now")]
    html = rendered('{% include "components/steps.html" %}', steps=steps)
    assert html.count('aria-current="step"') == 1


def test_progress_bar_gets_plain_numbers() -> None:
    html = rendered('{% include "components/progress.html" with label="TPP" done=900 total=43118 %}')
    assert 'value="900"' in html
    assert 'max="43118"' in html
    assert "900 dari 43.118" in html


def test_phone_page_loads_little() -> None:
    static = Path(__file__).resolve().parent.parent / "static"
    names = [
        "vendor/bootstrap-5.3.9.min.css",
        "portal/app.css",
        "portal/portal.js",
        "portal/absen.js",
        "portal/icon.svg",
    ]
    assert sum(len(gzip.compress((static / name).read_bytes())) for name in names) < 50_000
