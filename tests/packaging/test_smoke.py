from tests.support import databases, server


def test_serve(database):
    with server.serve(database):
        pass


def test_template():
    assert databases.template("stock", "contacts,phone_validation")
