"""The desktop: alerts, session, single instance."""
