"""The office itself: settings, people's accounts, notifications, saved views, jobs, and the pages that join several apps.

`pmo.models` and `pmo.lib` are imported by every app and import none; `pmo.urls` and `pmo.views` compose
all apps and are imported by nobody.
"""
