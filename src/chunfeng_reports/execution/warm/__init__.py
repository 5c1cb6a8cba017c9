"""Warm: notebooks run in processes forked from one that has imported the heavy libraries already.

A server (``server``) imports once and forks for every notebook; in the fork runs a real IPython
kernel (``kernel``) that talks Jupyter's messages over a socket (``wire``); ``manager`` is that
kernel to nbclient, and ``engine`` is what papermill knows as ``chunfeng-warm``.
"""
