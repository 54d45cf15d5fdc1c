"""Mail: what is sent, how it gets to the server, and to whom.

The only place that imports smtplib, ssl or email, and only when something is to be sent.
"""
