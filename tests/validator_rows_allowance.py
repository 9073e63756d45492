"""Faults of allowance and tax documents: (text, code, path)."""

from tests.validator_documents import allowance, component, only, rule

P = "parameters."
RULE_ROWS = [
    *[(only(f"{verb}: 5"), "value", P + verb) for verb in ("charges", "factors", "supplements", "holds")],
    *[
        (only(f"{verb}: {{x: 5 %}}"), "value", f"{P}{verb}.x")
        for verb in ("charges", "factors", "supplements", "holds")
    ],
    *[
        (rule(words, verb), code, f"{P}{verb}.x.{key}")
        for verb in ("charges", "factors", "supplements", "holds")
        for words, code, key in (
            ("rate: 1 %, each: year", "value", "each"),
            ("rate: 1 %, each: [day]", "value", "each"),
            ("rate: 1 %, when: home", "value", "when"),
            ("rate: 1 %, except: [home]", "value", "except"),
            ("rate: 1 %, free: dua", "number_format", "free"),
            ("rate: 1 %, free: -1", "value", "free"),
            ("rate: 1 %, free: 1.5", "value", "free"),
            ("rate: 1 %, combine: best", "value", "combine"),
            ("rate: 1 %, prorate: weeks", "value", "prorate"),
            ("rate: 1 %, colour: red", "unknown_key", "colour"),
            ("rate: 1 %, each: run", "key_missing", "fact"),
            ("mix: [{weight: 100 %, rate: 1 %}], each: run", "key_missing", "fact"),
            ("fact: minutes, rate: 1 %", "unknown_name", "fact"),
        )
    ],
    *[
        (rule(f"fact: {fact}, rate: 1 %, each: {each}"), "unknown_name", P + "charges.x.fact")
        for each, fact in (
            ("day", "kind"),
            ("month", "month"),
            ("week", "days"),
            ("leave", "relation"),
            ("sanction", "relation"),
        )
    ],
    *[
        (rule(f"rate: 1 %, {words}", verb), code, f"{P}{verb}.x.hits")
        for verb in ("charges", "factors")
        for words, code in (
            ("hits: [c]", "unknown_name"),
            ("hits: []", "value"),
            ("hits: a", "value"),
            ("hits: {a: 1}", "value"),
        )
    ],
    (
        allowance("    z: {fact: minutes_late, rate: 1 %, hits: [a, c], article: '1'}\n"),
        "unknown_name",
        P + "charges.z.hits",
    ),
    *[
        (rule(f"rate: 1 %, {key}: {value}", verb), "unknown_key", f"{P}{verb}.x.{key}")
        for verb, key, value in (
            ("charges", "replaces", "true"),
            ("charges", "lag_months", "1"),
            ("factors", "of", "gross"),
            ("factors", "lag_months", "1"),
            ("supplements", "hits", "[a]"),
            ("supplements", "replaces", "true"),
            ("holds", "hits", "[a]"),
            ("holds", "of", "gross"),
        )
    ],
    (rule("rate: 1 %, of: post_gross"), "value", P + "charges.x.of"),
    (rule("rate: 1 %, of: achievement", "supplements"), "value", P + "supplements.x.of"),
    (rule("rate: 1 %, replaces: 1", "factors"), "value", P + "factors.x.replaces"),
    *[
        (rule(f"rate: 1 %, lag_months: {lag}", verb), code, f"{P}{verb}.x.lag_months")
        for verb in ("supplements", "holds")
        for lag, code in (("satu", "number_format"), ("-1", "value"), ("0.5", "value"))
    ],
    *[
        (rule(f"fact: present_days, rate: {rate}", "supplements"), "rate_format", P + "supplements.x.rate")
        for rate in ("37000", "Rp37000", "37.000 rupiahs", "-5 rupiah", '"37000  rupiah"')
    ],
    *[
        (rule("fact: present_days, rate: 37000 rupiah", verb), "rate_format", f"{P}{verb}.x.rate")
        for verb in ("charges", "factors", "holds")
    ],
    (rule("fact: rating, labels: {Baik: 37000 rupiah}", "supplements"), "rate_format", P + "supplements.x.labels.Baik"),
]
BASE_ROWS = [
    (only(f"base: {base}"), code, P + key)
    for base, code, key in (
        ("5", "value", "base"),
        ("[class]", "value", "base"),
        ("{by: rank}", "value", "base.by"),
        ("{by: [class]}", "value", "base.by"),
        ("{by: class}", "key_missing", "base.classes"),
        ("{by: class, classes: null}", "key_missing", "base.classes"),
        ("{by: criteria}", "key_missing", "base.criteria"),
        ("{by: basic}", "key_missing", "base.criteria"),
        ("{by: class, classes: [7]}", "value", "base.classes"),
        ("{by: class, classes: {7: banyak}}", "number_format", "base.classes.7"),
        ("{by: class, classes: {7: 5, 8: 5 %}}", "number_format", "base.classes.8"),
        ('{by: class, classes: {III/a: "5000000"}}', "number_format", "base.classes.III/a"),
        ("{by: class, classes: {7: -1}}", "value", "base.classes.7"),
        ("{by: class, classes: {7: [1]}}", "number_format", "base.classes.7"),
        ("{by: criteria, criteria: beban}", "value", "base.criteria"),
        ("{by: criteria, criteria: []}", "value", "base.criteria"),
        ("{by: criteria, criteria: {beban: 5}}", "value", "base.criteria"),
        ("{by: criteria, criteria: [beban, 5]}", "value", "base.criteria.1"),
        ("{by: class, classes: {7: 5}, change: middle}", "value", "base.change"),
        ("{table: 5}", "unknown_key", "base.table"),
    )
]
FACT_ROWS = [
    (only(f"facts: {facts}"), code, P + key)
    for facts, code, key in (
        ("[a]", "value", "facts"),
        ("{a: 5}", "value", "facts.a"),
        ("{a: {}}", "scale_count", "facts.a"),
        ("{a: {default: 5}}", "scale_count", "facts.a"),
        ("{a: {given: number, sum: {salary: 1}}}", "scale_count", "facts.a"),
        ("{a: {least: [1], greatest: [1]}}", "scale_count", "facts.a"),
        ("{a: {given: text}}", "value", "facts.a.given"),
        ("{a: {given: number, each: week}}", "value", "facts.a.each"),
        ("{a: {given: number, default: lima}}", "number_format", "facts.a.default"),
        ("{a: {given: bool, default: 1}}", "value", "facts.a.default"),
        ("{a: {given: label, default: off}}", "value", "facts.a.default"),
        ("{a: {given: number, unit: 5}}", "unknown_key", "facts.a.unit"),
        ("{a: {sum: [salary]}}", "value", "facts.a.sum"),
        ("{a: {sum: {nothing: 1}}}", "unknown_name", "facts.a.sum.nothing"),
        ("{a: {sum: {salary: dua}}}", "number_format", "facts.a.sum.salary"),
        ("{a: {sum: {rating: 1}}}", "value", "facts.a.sum.rating"),
        ("{a: {least: 5}}", "value", "facts.a.least"),
        ("{a: {greatest: []}}", "value", "facts.a.greatest"),
        ("{a: {greatest: [nothing, 3]}}", "unknown_name", "facts.a.greatest"),
        ("{a: {least: [salary, [3]]}}", "unknown_name", "facts.a.least"),
        ("{a: {least: [rating, 3]}}", "value", "facts.a.least"),
        ("{a: {sum: {a: 1}}}", "fact_cycle", "facts.a"),
        ("{a: {sum: {b: 1}}, b: {least: [a, 3]}}", "fact_cycle", "facts.a"),
        ("{z: {sum: {b: 1}}, b: {sum: {c: 1}}, c: {greatest: [d]}, d: {least: [b, 2]}}", "fact_cycle", "facts.b"),
    )
]
CAP_ROWS = [
    (allowance(f"  caps: {caps}\n"), code, P + key)
    for caps, code, key in (
        ("5", "value", "caps"),
        ("{m: 5}", "value", "caps.m"),
        ("{m: {per: day, article: '1'}}", "key_missing", "caps.m.at"),
        ("{m: {at: 1 %, article: '1'}}", "key_missing", "caps.m.per"),
        ("{m: {per: week, at: 1 %, article: '1'}}", "value", "caps.m.per"),
        ("{m: {per: day, at: 100, article: '1'}}", "rate_format", "caps.m.at"),
        ("{m: {per: day, at: 1 %, over: lose, article: '1'}}", "value", "caps.m.over"),
        ("{m: {per: day, at: 1 %, of: a, article: '1'}}", "unknown_key", "caps.m.of"),
        ("{m: {per: month, at: 1 %, charges: late, article: '1'}}", "value", "caps.m.charges"),
        ("{m: {per: month, at: 1 %, charges: [], article: '1'}}", "value", "caps.m.charges"),
        ("{m: {per: month, at: 1 %, charges: [late, TL1], article: '1'}}", "unknown_name", "caps.m.charges"),
        ("{m: {per: day, at: 1 %, charges: [late, weekly], article: '1'}}", "cap_scope", "caps.m.charges"),
    )
]
CODE_ROWS = [
    (allowance(f"    early: {early}\n"), "duplicate_code", f"{P}charges.{key}")
    for early, key in (
        ("{fact: minutes_early, bands: {TL2: [1, null, 1 %]}, article: '1'}", "early.bands.TL2"),
        ("{fact: minutes_early, bands: {late: [1, null, 1 %]}, article: '1'}", "early.bands.late"),
        ("{fact: minutes_early, bands: {weekly: [1, null, 1 %]}, article: '1'}", "early.bands.weekly"),
        (
            "{each: leave, fact: kind, labels: {sick: {fact: day, bands: {TL1: [1, null, 1 %]}}}, article: '1'}",
            "early.labels.sick.bands.TL1",
        ),
    )
] + [(allowance("    TL1: {fact: minutes_early, rate: 1 %, article: '1'}\n"), "duplicate_code", P + "charges.TL1")]
ALLOWANCE_ROWS = [
    (only("bonus: 3"), "unknown_key", P + "bonus"),
    (only("hours: []"), "unknown_key", P + "hours"),
    (only("{}", "tax"), "key_missing", P + "tax"),
    (only("tax: {rate: 1 %, article: '1'}\nseconds: started", "tax"), "unknown_key", P + "seconds"),
    (only("tax: {rate: 1 %, of: payable, article: '1'}", "tax"), "unknown_key", P + "tax.of"),
    (only("tax: 5 %", "tax"), "value", P + "tax"),
    (only("tax: 5 %"), "value", P + "tax"),
    (only("components: 5"), "value", P + "components"),
    (only("components: [a]"), "value", P + "components"),
    (only("components: {a: 100 %}"), "value", P + "components.a"),
    (only("components: {a: {article: '1'}}"), "key_missing", P + "components.a.weight"),
    (only("components: {a: {weight: 1, article: '1'}}"), "rate_format", P + "components.a.weight"),
    (component("cuts_of: gross"), "value", P + "components.a.cuts_of"),
    (component("cap: 5 %"), "unknown_key", P + "components.a.cap"),
    (allowance().replace("60 %", "59.9 %"), "weights_sum", P + "components"),
    (allowance().replace("60 %", "60.1 %"), "weights_sum", P + "components"),
    (only("exempt: 5"), "value", P + "exempt"),
    (only("exempt: [home]"), "value", P + "exempt"),
    (only("offsets: profession_allowance"), "value", P + "offsets"),
    (only("offsets: []"), "value", P + "offsets"),
    (only("offsets: [salary, nothing]"), "unknown_name", P + "offsets"),
    (only("insurance: 4 %"), "value", P + "insurance"),
    (only("insurance: {employer: 0.04, article: '1'}"), "rate_format", P + "insurance.employer"),
    (only("insurance: {employee: 1, article: '1'}"), "rate_format", P + "insurance.employee"),
    (only("insurance: {of: net, article: '1'}"), "value", P + "insurance.of"),
    (only("insurance: {floor_rupiah: banyak, article: '1'}"), "number_format", P + "insurance.floor_rupiah"),
    (only("insurance: {ceiling_rupiah: -1, article: '1'}"), "value", P + "insurance.ceiling_rupiah"),
    (only("insurance: {rate: 1 %, article: '1'}"), "unknown_key", P + "insurance.rate"),
    (only("insurance: {when: 5, article: '1'}"), "value", P + "insurance.when"),
    (only("tax: {rate: 5 %, of: gross, article: '1'}"), "value", P + "tax.of"),
    (only("tax: {rate: 5 %, borne_by: nobody, article: '1'}"), "value", P + "tax.borne_by"),
    (only("tax: {rate: 5 %, when: 5, article: '1'}"), "value", P + "tax.when"),
    (only("tax: {rate: 5 %, hits: [a], article: '1'}"), "unknown_key", P + "tax.hits"),
    (rule("fact: taxable_rupiah, rate: 5 %"), "unknown_name", P + "charges.x.fact"),
    (only("tax: {rate: 5 %, when: {taxable_rupiah: 1}, article: '1'}"), "unknown_name", P + "tax.when.taxable_rupiah"),
    (only("rounding: 1"), "value", P + "rounding"),
    (only("rounding: {cuts: 1}"), "value", P + "rounding.cuts"),
    (only("rounding: {total: {to: 1}}"), "unknown_name", P + "rounding.total"),
    (only("rounding: {cuts: {mode: floor}}"), "key_missing", P + "rounding.cuts.to"),
    (only("rounding: {cuts: {to: satu}}"), "number_format", P + "rounding.cuts.to"),
    (only("rounding: {cuts: {to: 0}}"), "value", P + "rounding.cuts.to"),
    (only("rounding: {cuts: {to: 1, mode: up}}"), "value", P + "rounding.cuts.mode"),
    (only("rounding: {cuts: {to: 1, at: 1}}"), "unknown_key", P + "rounding.cuts.at"),
    *[
        (only(f"rounding: {{{one}: {{to: 1}}, {two}: {{to: 1}}}}"), "value", f"{P}rounding.{two}")
        for one, two in (("component", "cuts"), ("cuts", "allowance"), ("allowance", "component"))
    ],
]
