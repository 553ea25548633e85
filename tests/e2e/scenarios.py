"""Every scenario of the phone lab in which our cases are rooted, by letter and name.

The lab recorded the AMI bytes of each on a real Asterisk 22 and 16; a scenario with calls has one
case or more in `cases_of_*`, the others are named here with the tests that cover them.
"""

WITH_CALLS = (
    "a-permissions",
    "b-queue-status",
    "c-answered",
    "c-answered-agent-hangs-up",
    "d-all-busy",
    "e-abandoned",
    "e-abandoned-nobody-logged-in",
    "e-queue-timeout",
    "e-join-empty",
    "e-answered-elsewhere-fields",
    "e-several-waiting",
    "f-members",
    "g-direct-missed",
    "g-direct-busy",
    "g-direct-answered",
    "g-direct-offline",
    "h-take",
    "h-take-ringing",
    "h-take-unanswered",
    "h-take-offline",
    "h-take-gone",
    "h-take-bridge",
    "i-callback-display",
    "i-callback",
    "j-restart",
    "j-reconnect",
    "k-caller-id",
    "l-freepbx-members",
    "m-options",
    "o-softphone-on-pbx",
)

_LINKS = "tests/e2e/test_asterisk_links.py"
_BYTES = "tests/unit/protocols/test_ami.py"

WITHOUT_CALLS = {
    "a-login": (
        f"{_LINKS}::test_a_refused_login_is_not_tried_again",
        f"{_LINKS}::test_tls_with_the_right_authority",
        f"{_LINKS}::test_the_secret_never_travels",
    ),
    "a-permissions": (f"{_LINKS}::test_missing_write_rights_are_named_and_the_rest_works",),
    "f-members": ("tests/e2e/test_asterisk_calls.py::test_members_come_pause_and_go",),
    "j-restart": (
        f"{_LINKS}::test_a_user_without_the_class_system_waits_for_a_booting_pbx_too",
        f"{_LINKS}::test_an_orderly_stop_is_called_so_and_a_restart_is_heard",
    ),
    "n-protocol": (
        f"{_BYTES}::test_a_recording_gives_the_same_packets_whole_and_one_byte_at_a_time",
        f"{_BYTES}::test_an_action_refuses_what_would_break_its_line",
        "tests/adapters/test_ami_flood.py::test_twenty_thousand_events_hide_no_caller",
    ),
    "o-softphone-on-pbx": (
        "tests/e2e/test_softphones.py::test_another_program_takes_the_control_port",
    ),
}
"""What of a scenario has no call: the tests that cover it."""

ALL = tuple(sorted({*WITH_CALLS, *WITHOUT_CALLS}))
