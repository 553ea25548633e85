"""Is it working? Every part of this computer and every source, looked at and tried.

`board` answers the page, `parts` word each part, `source_trials` try accounts and phones, `trial`
is the test button, `report` is what may be copied for a helper.
"""
