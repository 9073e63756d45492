"""Why the components become the net amount: supplements, offsets, holds, earlier months, insurance and tax."""

from allowances.amounts import insurance_share, tax_share
from allowances.book import Amount, times
from allowances.given import record_look
from allowances.lines import Line
from allowances.steps import Step, Worked, freed_words, less, negative, rest, rounding_words, told
from allowances.wording import happened, product_words, steps_words
from core.indonesian import rupiah
from core.money import Exact, exact
from policy.sentences_rules import HELD, SUPPLEMENT_OF
from policy.sentences_scales import keys_read
from policy.sentences_words import article_words, noun, share_words

ROUNDED = "Pembulatan"
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
        children = rest(value, children, ROUNDED, f"{rounding_words(worked, 'supplement') or 'Tambahan dibulatkan'}.")
        quotes = dict.fromkeys(quote for line, _, _ in lines for quote in worked.row_quotes(line))
        said = f"{rule.label}: {rupiah(value)}." if value is not None else f"{rule.label}: belum diketahui."
        note = ""
        if rule.lag_months:
            later = worked.quote(f"supplements.{rule.name}.lag_months")
            size = "Besarnya belum diketahui" if value is None else f"Besarnya {rupiah(value)}"
            said, note = f"{later}. {size}, tidak masuk bulan ini.", f"dibayar {rule.lag_months} bulan kemudian"
            value, children = 0, []
        steps.append(
            Step(
                rule.label,
                value,
                sentence=" ".join([*quotes, said]),
                article=article_words(rule.article),
                note=note,
                children=tuple(children),
                key=f"supplement.{rule.name}",
            )
        )
    return steps


def _supplement_line(worked: Worked, line: Line, base: Amount, amount: Amount) -> Step:
    said, arithmetic = happened(line, worked.facts), worked.share_sum(line)
    if line.rupiah:
        said += f": ditambah {rupiah(line.share)}"
    else:
        said += f": ditambah {share_words(line.share)} {SUPPLEMENT_OF[line.rule.of]}"
        if base is None:
            said += ", yang belum diketahui"
        elif amount is not None:
            arithmetic = steps_words(arithmetic, product_words(line.share, base, amount))
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
            said = f"{noun(name)}: {rupiah(amount)}."  # type: ignore[arg-type]
            children.append(Step(noun(name), negative(amount), sentence=said, key=f"offset.{name}"))  # type: ignore[arg-type]
    quote = worked.quote("offsets")
    children = rest(value, children, "Batas pengurangan", f"{quote}.")
    words = f"{quote}. Yang diterima {rupiah(worked('elsewhere'))}."
    if value is None:
        words, children = f"{CONSEQUENCE}. {words}", []
    return [Step("Sudah diterima dari tempat lain", value, sentence=words, children=tuple(children), key="offsets")]


def _held(worked: Worked) -> list[Step]:
    lines, allowance, held = worked("hold_lines"), worked("allowance"), worked("held")
    if not lines:
        return []
    children = [_hold_line(worked, line, allowance) for line in lines]
    quotes = dict.fromkeys(quote for line in lines for quote in worked.row_quotes(line))
    limit = f"{rounding_words(worked, 'held') or 'Yang ditahan dibulatkan'}. Yang ditahan paling banyak 100 %."
    children = rest(negative(held), children, "Pembulatan dan batas", limit)
    share = worked("hold_share")
    said = told(f"Seluruhnya {share_words(share)} {HELD}", held)
    words = "" if allowance is None or held is None else product_words(share, allowance, held)
    article = "; ".join(dict.fromkeys(article_words(line.rule.article) for line in lines))
    sentence = " ".join([*quotes, said])
    return [Step("Ditahan", negative(held), "rupiah", sentence, words, article, children=tuple(children), key="held")]


def _hold_line(worked: Worked, line: Line, allowance: Amount) -> Step:
    said = f"{happened(line, worked.facts)}: {share_words(line.share)} {HELD}"
    amount: Amount = 0 if line.freed else times(allowance, line.share)
    if line.freed:
        said += f". {freed_words(worked, line)}"
    product = "" if line.freed or amount is None else product_words(line.share, allowance, amount)
    return Step(
        line.rule.label,
        negative(amount),
        sentence=told(said, amount),
        arithmetic=steps_words(worked.share_sum(line), product) if product else "",
        article=article_words(line.rule.article),
        on=line.on,
        key=f"hold.{line.rule.name}",
    )


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
        said = f"{worked.quote('insurance.when')}, maka tidak bagi pegawai ini."
        return [Step("Iuran jaminan kesehatan", 0, sentence=said, article=article, key="insurance")]
    steps = []
    part = worked("gross") if plan.insurance.get("of") == "gross" else worked("payable")
    unknown = "Gaji belum ada, maka iuran belum diketahui." if part is not None else f"{CONSEQUENCE}."
    how = "" if part is None else _basis_sum(worked, part, basis)
    for who, label in (("employer", "Iuran pemberi kerja"), ("employee", "Iuran pegawai")):
        share, amount = insurance_share(plan, who), worked(f"insurance_{who}")
        if not share:
            continue
        said = f"{worked.quote(f'insurance.{who}')}. {worked.quote('insurance.of')}"
        said = f"{unknown} {said}." if amount is None else f"{said}; bagi pegawai ini {rupiah(basis)}."
        words = "" if amount is None or basis is None else steps_words(how, product_words(share, basis, amount))
        both = _in_and_out(label, amount) if who == "employer" else ()
        value = negative(amount) if who == "employee" else 0
        steps.append(Step(label, value, "rupiah", said, words, article, children=both, key=f"insurance.{who}"))
    return steps


def _basis_sum(worked: Worked, part: Exact, basis: Amount) -> str:
    """`Rp4 + Rp9 = Rp13, menjadi Rp12; Rp12 − Rp4 = Rp8`: only where a limit takes or adds something."""
    salary = worked.facts.given.get("salary")
    if basis is None or basis == part or salary is None:
        return ""
    own = exact(salary)
    return steps_words(
        f"{rupiah(own)} + {rupiah(part)} = {rupiah(own + part)}, menjadi {rupiah(own + basis)}",
        f"{rupiah(own + basis)} − {rupiah(own)} = {rupiah(basis)}",
    )


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
        said = f"{worked.quote('tax.when')}, maka tidak bagi pegawai ini."
        return [Step("Pajak", 0, sentence=said, article=article, key="tax")]
    words = ""
    if payable is None:
        said = f"{CONSEQUENCE}, maka pajaknya belum diketahui."
    elif tax is None:
        said = "Data untuk pajak belum lengkap (gaji, golongan, atau kategori pajak), maka pajaknya belum diketahui."
    elif plan.tax.get("of") == "increment":
        said, words = f"Pajak {rupiah(tax)}.", _increment_sum(worked, payable, tax)
    else:
        share = tax_share(plan, worked.facts, payable)
        said, words = (
            f"Pajak {share_words(share or 0)} dari {rupiah(payable)}.",
            product_words(share or 0, payable, tax),
        )
    quotes = [worked.quote(key) for key in (*_tax_rows(worked, payable), "tax.table", "tax.of", "tax.borne_by")]
    said = " ".join([said, *(f"{quote}." for quote in quotes if quote)])
    if plan.tax.get("borne_by") == "government":
        both = _in_and_out("Pajak", tax)
        return [Step("Pajak ditanggung pemerintah", 0, "rupiah", said, words, article, children=both, key="tax")]
    return [Step("Pajak", negative(tax), sentence=said, arithmetic=words, article=article, key="tax")]


def _tax_rows(worked: Worked, payable: Amount) -> list[str]:
    """The keys of the rows of the document's own scale that the tax is read from; of another document's table none."""
    spec = worked.plan.tax or {}
    if "table" in spec or payable is None:
        return []
    income = payable
    if spec.get("of") == "increment":
        income = payable + exact(worked.facts.given.get("salary") or 0)
    look = record_look({"taxable_rupiah": income}, worked.facts)
    return [f"tax.{key}" for key in keys_read(spec, look)]


def _increment_sum(worked: Worked, payable: Exact, tax: Exact) -> str:
    """The tax on salary and allowance, less the tax on the salary alone."""
    salary = exact(worked.facts.given["salary"])
    whole, before = (tax_share(worked.plan, worked.facts, income) or 0 for income in (salary + payable, salary))
    due, less_ = whole * (salary + payable), before * salary
    made = "" if due - less_ == tax else f", menjadi {rupiah(tax)}"
    return steps_words(
        product_words(whole, salary + payable, due),
        product_words(before, salary, less_),
        f"{rupiah(due)} − {rupiah(less_)} = {rupiah(due - less_)}{made}",
    )
