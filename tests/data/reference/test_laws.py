"""Citations in the reader's language."""

import re

import pytest

from data.reference import TABLES, cited, load_table


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("L753 Art 11", "《地名管理条例》第十一条", "Order 753, Art 11"),
        ("L704 Art 7(2)", "《行政区划管理条例》第七条第二项", "Order 704, Art 7(2)"),
        ("L353 Art 6, 16", "《行政区域界线管理条例》第六条、第十六条", "Order 353, Art 6, 16"),
        ("Order 753 Art 3 and 12 (§4)", "《地名管理条例》第三条、第十二条 (§4)",
         "Order 753, Art 3 and 12 (§4)"),
        ("Art 6 to 10; FB23", "第六条至第十条; 《地名备案公告管理办法（试行）》",
         "Art 6 to 10; Measures for the filing and announcement of place names (trial, 2023)"),
        ("no citation; 30 Art", "no citation; 30 Art", "no citation; 30 Art"),
        ("XL753 Art. 5", "XL753 Art. 5", "XL753 Art. 5"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_citation_is_said_in_the_language(text: str, zh: str, en: str) -> None:
    assert (cited(text, "zh"), cited(text, "en")) == (zh, en)


def test_every_article_of_a_table_names_a_law_that_is_known() -> None:
    seen = 0
    for name, table in TABLES.items():
        if any(column.name == "article" for column in table.columns):
            for row in load_table(name):
                seen += 1
                assert re.fullmatch(
                    "《[^》]+》(第[一二三四五六七八九十]+条(第.项)?)?", cited(row["article"], "zh")
                )
                assert cited(row["article"], "en") != row["article"]
    assert seen
