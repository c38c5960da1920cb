"""Calling models over HTTP as an outside program does."""

import itertools

import requests


class Session:
    """A logged-in JSON-RPC session on a Server."""

    def __init__(self, server, login, password):
        self.server = server
        self.http = requests.Session()
        self._ids = itertools.count(1)
        answer = self._post("/web/session/authenticate", {"db": server.database, "login": login, "password": password})
        self.uid = answer["uid"]

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids), "params": params}
        answer = self.http.post(self.server.url + path, json=body, timeout=120).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")  # Odoo leaves it out where a method returns nothing

    def call(self, model, method, *args, **kwargs):
        """Return what ``model.method(*args, **kwargs)`` answers; raise RuntimeError with the server's message."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post("/web/dataset/call_kw", params)


def make_api_key(server, login, password):
    """Return a new API key (str) of the user, made as a person does it in the own preferences."""
    session = Session(server, login, password)
    description = session.call("res.users.apikeys.description", "create", {"name": "Program", "duration": "1"})
    check = session.call("res.users.apikeys.description", "make_key", [description])
    # A key opens everything its owner may do, so Odoo asks for the password once more.
    shown = session.call("res.users.identitycheck", "run_check", [check["res_id"]], context={"password": password})
    return shown["context"]["default_key"]
