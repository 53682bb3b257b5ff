"""How the databases of tests are made."""

CHINESE_ORDER = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'"
"""Texts stand in Chinese order there: by pinyin, small letters before capitals, marks before
digits. Whatever counts on the order of bytes has to see to it itself."""
