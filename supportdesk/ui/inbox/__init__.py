"""The Inbox: conversations, longest waiting first, and the message being read."""
