"""Who may open which address: the expectation that `test_rights_matrix.py` holds against every route there is."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.rights.world import CAST, Side

EVERYBODY = frozenset(CAST)
Arguments = Callable[[Side], dict[str, object]]


@dataclass(frozen=True)
class Page:
    """One address. `who` may open it; `arguments`: its objects on a side; `post_only`: GET is refused with 405.

    `public`: without signing in. `owned`: its arguments name an object of one side. `api`: an endpoint, which refuses a
    visitor by 401 where a page leads to the sign-in.
    """

    who: frozenset[str] = EVERYBODY
    arguments: Arguments | None = None
    post_only: bool = False
    public: bool = False
    owned: bool = True
    api: bool = False


def only(*names: str) -> frozenset[str]:
    """These of the cast."""
    assert set(names) <= EVERYBODY, names
    return frozenset(names)


IMPORTS = only("hr", "hr2", "administrator")
PERSONNEL = only("unit_hr", "hr", "hr2", "administrator", "auditor")
DECIDES = only("head", "supervisor", "unit_hr", "hr", "hr2")
READS_PHASES = only("administrator", "hr", "hr2", "auditor")
PAY = only("hr", "hr2", "finance", "auditor")
HR = only("hr", "hr2")
READS_DRAFTS = only("hr", "hr2", "administrator", "auditor")
READS_SAVINGS = only("leadership", "administrator", "auditor")


def _slip(side: Side) -> dict[str, object]:
    return {"pk": side.objects["run"], "person": side.people["employee"].pk}


def _law(side: Side) -> dict[str, object]:
    """Law is public: a document of any government opens for everybody who has a role."""
    return {"document_id": "contoh-tpp"}


def _effect(side: Side) -> dict[str, object]:
    return {"draft": side.objects["draft"], "pk": side.objects["effect"]}


PAGES: dict[str, Page] = {
    "healthz": Page(public=True),
    "readyz": Page(public=True),
    "metrics": Page(frozenset(), api=True),
    "home": Page(),
    "display": Page(post_only=True, public=True),
    "style": Page(public=True),
    "grants": Page(only("administrator")),
    "end_grant": Page(only("administrator"), lambda side: {"pk": side.objects["grant"]}, post_only=True),
    "nights": Page(only("hr", "hr2", "administrator", "auditor")),
    "first_codes": Page(only("unit_hr", "hr", "hr2", "administrator")),
    "status": Page(only("administrator", "auditor")),
    "account": Page(),
    "end_other_sessions": Page(post_only=True),
    "attendance:check_in": Page(),
    "attendance:queue": Page(post_only=True),
    "attendance:receipt": Page(only("employee"), lambda side: {"code": side.objects["receipt"]}),
    "attendance:verify": Page(arguments=lambda side: {"code": side.objects["receipt"]}, public=True),
    "attendance:my_month": Page(),
    "attendance:correction": Page(),
    "attendance:work_report": Page(),
    "attendance:team": Page(),
    "attendance:requests": Page(),
    "attendance:absences": Page(),
    "attendance:reports": Page(DECIDES),
    "attendance:cases": Page(DECIDES),
    "attendance:outages": Page(only("hr", "hr2", "administrator")),
    "performance:my_score": Page(),
    "performance:scores": Page(),
    "performance:person": Page(only("head", "supervisor"), lambda side: {"pk": side.people["employee"].pk}),
    "roster:imports": Page(IMPORTS),
    "roster:import_new": Page(IMPORTS, lambda side: {"kind": "roster"}, owned=False),
    "roster:upload": Page(IMPORTS, lambda side: {"pk": side.objects["upload"]}),
    "roster:upload_findings": Page(IMPORTS, lambda side: {"pk": side.objects["upload"]}),
    "roster:upload_decide": Page(IMPORTS, lambda side: {"pk": side.objects["upload"]}, post_only=True),
    "roster:import_run": Page(IMPORTS, lambda side: {"pk": side.objects["import_run"]}),
    "roster:import_undo": Page(IMPORTS, lambda side: {"pk": side.objects["import_run"]}, post_only=True),
    "roster:people": Page(PERSONNEL),
    "roster:person": Page(PERSONNEL, lambda side: {"pk": side.people["peer"].pk}),
    "roster:schedule": Page(),
    "roster:decide_home_days": Page(post_only=True),
    "roster:my_home_days": Page(),
    "roster:phases": Page(READS_PHASES),
    "roster:phase_history": Page(READS_PHASES),
    "roster:building": Page(READS_PHASES, lambda side: {"code": side.building.code}),
    "roster:building_people": Page(
        READS_PHASES, lambda side: {"code": side.building.code, "weekday": 3, "reason": "direct_service"}
    ),
    "roster:phase_confirm": Page(only("administrator"), lambda side: {"code": side.building.code}, post_only=True),
    "roster:phase_close": Page(
        only("administrator"), lambda side: {"code": side.building.code, "pk": side.objects["phase"]}
    ),
    "allowances:runs": Page(PAY),
    "allowances:draft": Page(HR, post_only=True),
    "allowances:run": Page(PAY, lambda side: {"pk": side.objects["run"]}),
    "allowances:run_checks": Page(PAY, lambda side: {"pk": side.objects["run"]}),
    "allowances:run_units": Page(PAY, lambda side: {"pk": side.objects["run"]}),
    "allowances:run_people": Page(PAY, lambda side: {"pk": side.objects["run"]}),
    "allowances:run_step": Page(HR, lambda side: {"pk": side.objects["run"], "verb": "periksa"}),
    "allowances:run_file": Page(PAY, lambda side: {"pk": side.objects["run"], "kind": "nominatif"}),
    "allowances:slip": Page(PAY, lambda side: _slip(side)),
    "allowances:slip_pdf": Page(PAY, lambda side: _slip(side)),
    "allowances:slip_day": Page(PAY, lambda side: _slip(side) | {"on": "2026-01-05"}),
    "allowances:my_slip": Page(),
    "allowances:my_slip_pdf": Page(only("employee"), lambda side: {"pk": side.objects["run"]}),
    "allowances:my_slip_day": Page(frozenset(), lambda side: {"on": "2026-01-05"}, owned=False),
    "allowances:my_objections": Page(),
    "allowances:object": Page(),
    "allowances:objection_sent": Page(only("employee"), lambda side: {"number": side.objects["objection_number"]}),
    "allowances:objections": Page(HR | {"auditor"}),
    "allowances:objection": Page(HR | {"auditor"}, lambda side: {"pk": side.objects["objection"]}),
    "regulations:list": Page(),
    "regulations:drafts": Page(READS_DRAFTS),
    "regulations:starter": Page(READS_DRAFTS, lambda side: {"topic": "allowance"}, owned=False),
    "regulations:draft": Page(READS_DRAFTS, lambda side: {"pk": side.objects["draft"]}),
    "regulations:draft_file": Page(
        READS_DRAFTS,
        lambda side: {"pk": side.objects["draft"], "file_pk": side.objects["draft_file"]},
    ),
    "regulations:draft_files": Page(IMPORTS, lambda side: {"pk": side.objects["draft"]}, post_only=True),
    "regulations:draft_remove": Page(IMPORTS, lambda side: {"pk": side.objects["draft"]}, post_only=True),
    "regulations:draft_discard": Page(IMPORTS, lambda side: {"pk": side.objects["draft"]}, post_only=True),
    "regulations:draft_adopt": Page(IMPORTS, lambda side: {"pk": side.objects["draft"]}),
    "regulations:document": Page(arguments=_law, owned=False),
    "regulations:text": Page(arguments=_law, owned=False),
    "regulations:compare": Page(arguments=_law, owned=False),
    "allowances:effects": Page(PAY, lambda side: {"draft": side.objects["draft"]}),
    "allowances:effect": Page(PAY, lambda side: _effect(side)),
    "allowances:effect_people": Page(PAY, lambda side: _effect(side)),
    "allowances:effect_file": Page(PAY, lambda side: _effect(side)),
    "allowances:effect_person": Page(PAY, lambda side: _effect(side) | {"person": side.people["employee"].pk}),
    "savings:overview": Page(READS_SAVINGS),
    "savings:building": Page(READS_SAVINGS, lambda side: {"code": side.building.code}),
}
PAGES |= {
    f"api:{name}": page
    for name, page in {
        "documentation": Page(),
        "schema": Page(api=True),
        "runs": Page(PAY, api=True),
        "run": Page(PAY, lambda side: {"pk": side.objects["run"]}, api=True),
        "run_people": Page(PAY, lambda side: {"pk": side.objects["run"]}, api=True),
        "slip": Page(PAY, lambda side: _slip(side), api=True),
        "slip_day": Page(PAY, lambda side: _slip(side) | {"on": "2026-01-05"}, api=True),
        "own_slips": Page(api=True),
        "own_slip": Page(only("employee"), lambda side: {"pk": side.objects["run"]}, api=True),
        "own_slip_day": Page(only("employee"), lambda side: {"pk": side.objects["run"], "on": "2026-01-05"}, api=True),
        "documents": Page(api=True),
        "document": Page(arguments=lambda side: {"document_id": "contoh-tpp"}, owned=False, api=True),
        "unknown": Page(frozenset(), lambda side: {"rest": "tidak/ada"}, owned=False, api=True),
    }.items()
}
# Sign-in and second factors: django-allauth's own pages, each about the account that is signed in.
LIBRARY = ("account_", "mfa_", "first_sign_in")
