"""What the founder's choices lead to: one controller an area, between the services and the window.

A controller reads services, fills views through the presenter and asks the outside through `Acts`.
"""
