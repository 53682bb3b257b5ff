import gazetteer.names


def test_the_public_names_exist() -> None:
    for name in gazetteer.names.__all__:
        assert hasattr(gazetteer.names, name)
