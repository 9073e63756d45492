"""Why charges take what they take: each rule with the rows of the document that it used, each line with its day."""

from allowances.book import Amount, times
from allowances.lines import Line
from allowances.steps import Step, Worked, freed_words, negative, rest, rounding_words, told
from allowances.wording import happened, product_words, steps_words
from core.indonesian import rupiah
from core.money import Exact
from policy.sentences_rules import charge_words
from policy.sentences_words import article_words, share_words

REPLACED = "Hanya ditampilkan: komponen ini digantikan oleh aturan lain"


def point_step(worked: Worked, name: str, line: Line, amount: Amount) -> Step:
    """A charge that takes points of the achievement."""
    label, full, free = worked.plan.labels[name], worked("full", name), line.freed or name in worked("replaced")
    said = f"{happened(line, worked.facts)}: {share_words(line.share)} {charge_words('achievement', label)}"
    if line.freed:
        said += f". {freed_words(worked, line)}"
    elif free:
        said += f". {REPLACED}"
    value = 0 if free else negative(amount)
    known = not free and amount is not None and full is not None
    return Step(
        line.rule.label,
        value,
        sentence=told(said, value),
        arithmetic=steps_words(worked.share_sum(line), product_words(line.share, full, amount)) if known else "",
        article=article_words(line.rule.article),
        note=line.code if line.code != line.rule.name else "",
        on=line.on,
        key=f"charge.{line.rule.name}",
    )


def charge_steps(worked: Worked, name: str) -> list[Step]:
    """Every charge of a component by rule, and what rounding or a limit makes of their sum."""
    by_rule: dict[str, list[tuple[Line, Amount]]] = {}
    for line, amount in worked("line_amounts", name):
        if line.rule.of != "achievement":
            by_rule.setdefault(line.rule.name, []).append((line, amount))
    steps = [_charge(worked, name, lines) for lines in by_rule.values()]
    base, share = worked("cut_base", name), worked("cut_rate", name)
    cut = worked("cut", name)
    if base is not None and cut is not None and times(base, share) != cut and cut == worked("achieved", name):
        return rest(negative(cut), steps, "Batas potongan", f"Potongan tidak melebihi yang dicapai, {rupiah(cut)}.")
    said = worked.statement("rounding.cut")
    words = rounding_words(worked, "cut") or "Potongan dibulatkan"
    return rest(negative(cut), steps, "Pembulatan", f"{words}.", said.article if said else "")


def _charge(worked: Worked, name: str, lines: list[tuple[Line, Amount]]) -> Step:
    rule, label = lines[0][0].rule, worked.plan.labels[name]
    children = tuple(_line(worked, name, line, amount) for line, amount in lines)
    values = [child.value for child in children]
    value = None if None in values else sum(v for v in values if v is not None)
    costing = [line for line, _ in lines if not line.freed and name not in worked("replaced")]
    share: Exact = sum(line.shares[name] for line in costing)
    counts: dict[str, int] = {}
    for line, _ in lines:
        counts[line.code] = counts.get(line.code, 0) + 1
    said = ", ".join(f"{n} kali" + (f" {code}" if code != rule.name else "") for code, n in counts.items())
    free = len(lines) - len(costing)
    said += f", {free} di antaranya tidak mengurangi" if free else ""
    quotes = dict.fromkeys(quote for line, _ in lines for quote in worked.row_quotes(line))
    taken = f"seluruhnya {share_words(share)}" if share else "tidak ada yang dikurangkan"
    whole = told(f"{rule.label}: {said}; {taken} {charge_words('component', label)}", value)
    base = worked("cut_base", name)
    known = base is not None and value is not None
    return Step(
        rule.label,
        value,
        sentence=" ".join([*quotes, whole]),
        arithmetic=_charge_sum([line.shares[name] for line in costing], base, -value) if known and share else "",
        article=article_words(rule.article),
        note=" ".join(f"{n}× {code}" for code, n in counts.items() if code != rule.name),
        children=children,
        key=f"charge.{rule.name}",
    )


def _charge_sum(shares: list[Exact], base: Exact, amount: Exact) -> str:
    """`1 % + 0,5 % = 1,5 %; 1,5 % × Rp2.400.000 = Rp36.000`; many equal shares as a product."""
    whole: Exact = sum(shares)
    adding = ""
    if len(shares) > 1:
        same = len(set(shares)) == 1
        parts = f"{len(shares)} × {share_words(shares[0])}" if same else " + ".join(map(share_words, shares))
        adding = f"{parts} = {share_words(whole)}"
    return steps_words(adding, product_words(whole, base, amount))


def _line(worked: Worked, name: str, line: Line, amount: Amount) -> Step:
    label, kept, base = worked.plan.labels[name], line.shares[name], worked("cut_base", name)
    code = f"{line.code}, " if line.code != line.rule.name else ""
    of = f"{share_words(line.share)} dari seluruh tunjangan, yaitu " if line.rule.of == "gross" else ""
    said = f"{happened(line, worked.facts)}: {code}{of}{share_words(line.asked)} {charge_words('component', label)}"
    article, note = article_words(line.rule.article), line.code if code else ""
    arithmetic, value = "", negative(amount)
    if line.freed:
        would = f" (seharusnya {rupiah(amount)})" if amount else ""
        said, value, note = f"{said}{would}. {freed_words(worked, line)}", 0, note or "dibebaskan"
    elif name in worked("replaced"):
        said, value = f"{said}. {REPLACED}", 0
    else:
        if kept != line.asked:
            caps, articles = worked.cap_words(line)
            said += f". {caps}; tersisa {share_words(kept)}"
            article = f"{article}; {articles}"
        if amount is not None:
            product = product_words(kept, base if base is not None else 0, amount)
            arithmetic = steps_words(worked.share_sum(line), product)
    return Step(
        line.rule.label,
        value,
        sentence=told(said, value),
        arithmetic=arithmetic,
        article=article,
        note=note,
        on=line.on,
        key=f"line.{line.rule.name}",
    )
