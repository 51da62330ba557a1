#!/usr/bin/env python3
"""Prints every key and value of a registry hive as hivex reads it (Debian: python3-hivex), for tests/hive_oracle.rs.

usage: dump_hive.py HIVE

One line for each key (key, path) and each value (value, path, name, type, data in hexadecimal), tab-separated and sorted;
characters that are not printable ASCII are written as \\u{...}.
"""
import sys

import hivex


def escape(text):
    return "".join(c if " " <= c <= "~" and c != "\\" else "\\u{%x}" % ord(c) for c in text)


def main():
    hive = hivex.Hivex(sys.argv[1])
    lines = []
    todo = [(hive.root(), "")]
    while todo:
        node, path = todo.pop()
        lines.append(f"key\t{path}")
        for value in hive.node_values(node):
            kind, data = hive.value_value(value)
            lines.append(f"value\t{path}\t{escape(hive.value_key(value))}\t{kind & 0xFFFFFFFF}\t{data.hex()}")
        for child in hive.node_children(node):
            todo.append((child, path + "/" + escape(hive.node_name(child))))
    print("\n".join(sorted(lines)))


main()
