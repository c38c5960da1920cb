"""What the tests outside the addons share: throw-away databases, real servers, a browser, an RPC client."""
