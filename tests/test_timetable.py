"""The timetable names tasks that exist."""

from wfh_portal.celery import app


def test_every_line_of_the_timetable_names_a_task_that_exists():
    app.loader.import_default_modules()
    assert app.conf.beat_schedule
    missing = {name: line["task"] for name, line in app.conf.beat_schedule.items() if line["task"] not in app.tasks}
    assert missing == {}


def test_no_task_may_outlive_the_time_after_which_it_is_sent_again():
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
