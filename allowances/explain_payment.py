"""Why the components become the net amount: supplements, offsets, holds, earlier months, insurance and tax."""

from fractions import Fraction

from allowances.amounts import insurance_share, tax_share
from allowances.book import Amount, times
from allowances.lines import Line
from allowances.steps import Step, Worked, freed_words, less, negative, rest, told
from allowances.wording import article_words, happened, noun, number_words, product_words, rate_words, share_words
from core.indonesian import rupiah
from core.money import Exact

ROUNDED = "Pembulatan"
OF = {"gross": "besaran tunjangan", "allowance": "tunjangan komponen", "post_gross": "besaran tunjangan jabatan itu"}
OF["difference"] = "selisih besaran tunjangan jabatan itu"
# How a sentence begins whose unknown only follows from another unknown above it.
CONSEQUENCE = "Yang dibayarkan belum diketahui"


def payment_steps(worked: Worked) -> list[Step]:
    """Everything between the components and net, signed, in the order of the regulation format."""
    return [
        *_supplements(worked),
        *_offsets(worked),
        *_held(worked),
        *_carried(worked),
        *_insurance(worked),
        *_tax(worked),
    ]


def _supplements(worked: Worked) -> list[Step]:
    parts, steps = worked("supplement_parts") if worked.plan.supplements else {}, []
    for rule in worked.plan.supplements:
        lines = parts.get(rule.name, [])
        if not lines:
            continue
        value = worked("supplement", rule.name)
        children = [_supplement_line(worked, *line) for line in lines]
        children = rest(value, children, ROUNDED, "Tambahan dibulatkan.")
        sentence = f"{rule.label}: {rupiah(value)}." if value is not None else f"{rule.label}: belum diketahui."
        note = ""
        if rule.lag_months:
            note = f"dibayar {rule.lag_months} bulan kemudian"
            size = "yang besarnya belum diketahui" if value is None else f"sebesar {rupiah(value)}"
            sentence = f"{rule.label} {size} {note}, tidak masuk bulan ini."
            value, children = 0, []
        steps.append(
            Step(
                rule.label,
                value,
                sentence=sentence,
                article=article_words(rule.article),
                note=note,
                children=tuple(children),
                key=f"supplement.{rule.name}",
            )
        )
    return steps


def _supplement_line(worked: Worked, line: Line, base: Amount, amount: Amount) -> Step:
    said, arithmetic = happened(line, worked.facts), ""
    if line.rupiah:
        how = rate_words(line)
        said += f", {how}" if how else ""
        if how and "unit" not in line.rule.spec and line.count:
            arithmetic = f"{number_words(line.count)} × {rupiah(line.share / Fraction(line.count))} = {rupiah(amount)}"
    else:
        said += f": {share_words(line.share)} dari {OF[line.rule.of]}"
        if base is None:
            said += ", yang belum diketahui"
        elif amount is not None and not line.freed:
            arithmetic = product_words(line.share, base, amount)
    if line.freed:
        said += f". {freed_words(worked, line)}"
    return Step(
        line.rule.label,
        amount,
        sentence=told(said, amount),
        arithmetic="" if line.freed else arithmetic,
        article=article_words(line.rule.article),
        on=line.on,
        key=f"line.{line.rule.name}",
    )


def _offsets(worked: Worked) -> list[Step]:
    plan, allowance, added = worked.plan, worked("allowance"), worked("supplements")
    if not plan.offsets or not worked("elsewhere"):
        return []
    before = None if added is None or worked("paid_together").allowance is None else worked("paid_together").allowance
    value = None if before is None or added is None else less(allowance, before + added)
    children = []
    for name in plan.offsets:
        amount = worked.facts.look(name)
        if amount:
            said = f"{noun(name)} {rupiah(amount)} diterima dari tempat lain."  # type: ignore[arg-type]
            children.append(Step(noun(name), negative(amount), sentence=said, key=f"offset.{name}"))  # type: ignore[arg-type]
    limit = "Yang dikurangkan tidak melebihi tunjangannya."
    children = rest(value, children, "Batas pengurangan", limit)
    words = f"{rupiah(worked('elsewhere'))} yang sudah diterima dari tempat lain dikurangkan dari tunjangan."
    if value is None:
        words, children = f"{CONSEQUENCE}; {words}", []
    return [Step("Sudah diterima dari tempat lain", value, sentence=words, children=tuple(children), key="offsets")]


def _held(worked: Worked) -> list[Step]:
    lines, allowance, held = worked("hold_lines"), worked("allowance"), worked("held")
    if not lines:
        return []
    children: list[Step] = []
    for line in lines:
        said = f"{happened(line, worked.facts)}: {share_words(line.share)} ditahan"
        amount: Amount = 0 if line.freed else times(allowance, line.share)
        if line.freed:
            said += f". {freed_words(worked, line)}"
        words = "" if line.freed or amount is None else product_words(line.share, allowance, amount)
        article = article_words(line.rule.article)
        key = f"hold.{line.rule.name}"
        label = line.rule.label
        children.append(
            Step(
                label,
                negative(amount),
                sentence=told(said, amount),
                arithmetic=words,
                article=article,
                on=line.on,
                key=key,
            )
        )
    limit = "Yang ditahan dibulatkan, dan paling banyak 100 %."
    children = rest(negative(held), children, "Pembulatan dan batas", limit)
    share = worked("hold_share")
    said = told(f"{share_words(share)} dari tunjangan ditahan dan dibayarkan kemudian", held)
    words = "" if allowance is None or held is None else product_words(share, allowance, held)
    return [Step("Ditahan", negative(held), sentence=said, arithmetic=words, children=tuple(children), key="held")]


def _carried(worked: Worked) -> list[Step]:
    carried: Exact = worked("carried")
    if not carried:
        return []
    said = f"Kekurangan bulan-bulan sebelumnya sebesar {rupiah(carried)} dibayarkan bulan ini."
    if carried < 0:
        said = f"Kelebihan bulan-bulan sebelumnya sebesar {rupiah(-carried)} dikembalikan bulan ini."
    return [Step("Rapel bulan sebelumnya", carried, sentence=said, key="carried")]


def _insurance(worked: Worked) -> list[Step]:
    plan = worked.plan
    if plan.insurance is None:
        return []
    article, basis = article_words(str(plan.insurance.get("article") or "not located")), worked("insurance_basis")
    if plan.insurance_when and not plan.insurance_when(worked.facts.look):
        said = "Iuran tidak berlaku bagi pegawai ini menurut syarat dalam peraturannya."
        return [Step("Iuran jaminan kesehatan", 0, sentence=said, article=article, key="insurance")]
    steps = []
    part = worked("gross") if plan.insurance.get("of") == "gross" else worked("payable")
    unknown = f"{CONSEQUENCE}, maka iurannya belum diketahui."
    if part is not None:
        unknown = "Gaji belum ada, maka iuran belum diketahui."
    for who, label in (("employer", "Iuran pemberi kerja"), ("employee", "Iuran pegawai")):
        share, amount = insurance_share(plan, who), worked(f"insurance_{who}")
        if not share:
            continue
        said = unknown if amount is None else f"{label} {share_words(share)} dari dasar iuran {rupiah(basis)}."
        words = "" if amount is None or basis is None else product_words(share, basis, amount)
        if who == "employee":
            steps.append(
                Step(
                    label, negative(amount), sentence=said, arithmetic=words, article=article, key="insurance.employee"
                )
            )
        else:
            said = said if amount is None else f"{said} Dicatat masuk dan keluar, tidak mengurangi yang diterima."
            both = _in_and_out(label, amount)
            steps.append(
                Step(label, 0, sentence=said, arithmetic=words, article=article, children=both, key=f"insurance.{who}")
            )
    return steps


def _in_and_out(label: str, amount: Amount) -> tuple[Step, ...]:
    if not amount:
        return ()
    return (
        Step(f"{label}, masuk", amount, sentence=f"{rupiah(amount)} ditambahkan oleh pemerintah."),
        Step(f"{label}, keluar", -amount, sentence=f"{rupiah(amount)} disetorkan."),
    )


def _tax(worked: Worked) -> list[Step]:
    plan, tax, payable = worked.plan, worked("tax"), worked("payable")
    if plan.tax is None:
        return []
    article = article_words(str(plan.tax.get("article") or "not located"))
    if plan.tax_when and not plan.tax_when(worked.facts.look):
        said = "Pajak tidak berlaku bagi pegawai ini menurut syarat dalam peraturannya."
        return [Step("Pajak", 0, sentence=said, article=article, key="tax")]
    words = ""
    if payable is None:
        said = f"{CONSEQUENCE}, maka pajaknya belum diketahui."
    elif tax is None:
        said = "Data untuk pajak belum lengkap (gaji, golongan, atau kategori pajak), maka pajaknya belum diketahui."
    elif plan.tax.get("of") == "increment":
        said = f"Tambahan pajak karena tunjangan {rupiah(payable)} di atas gaji adalah {rupiah(tax)}."
    else:
        share = tax_share(plan, worked.facts, payable)
        said = f"Pajak {share_words(share or 0)} dari {rupiah(payable)}."
        words = product_words(share or 0, payable, tax)
    if plan.tax.get("borne_by") == "government":
        said += " Ditanggung pemerintah: dicatat masuk dan keluar, tidak mengurangi yang diterima."
        both = _in_and_out("Pajak", tax)
        return [
            Step(
                "Pajak ditanggung pemerintah",
                0,
                sentence=said,
                arithmetic=words,
                article=article,
                children=both,
                key="tax",
            )
        ]
    return [Step("Pajak", negative(tax), sentence=said, arithmetic=words, article=article, key="tax")]
