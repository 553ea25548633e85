"""Pictures of every screen with make-believe rows: `python -m supportdesk.ui.gallery OUTDIR`."""
