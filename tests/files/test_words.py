"""Whole words in a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglint.files.words import any_of, occurrences, one_stands_in, stands_in

CASES = {
    "alone": ("reg", "reg", [0]),
    "in between": ("reg", "a reg, reg=1", [2, 7]),
    "a part of a word": ("reg", "regs _reg reg_ areg reg1", []),
    "an attribute": ("reg", "self.reg(reg)", [5, 9]),
    "beside letters of another alphabet": ("reg", "éreg regé reg", [10]),
    "overlapping": ("aa", "aaa aa", [4]),
    "at the end": ("reg", "x = reg", [4]),
    "nowhere": ("reg", "", []),
}


@pytest.mark.parametrize("name", CASES)
def test_occurrences(name: str) -> None:
    word, text, expected = CASES[name]
    assert list(occurrences(word, text)) == expected


def test_bytes() -> None:
    assert list(occurrences(b"reg", b"reg _reg .reg")) == [0, 10]
    assert stands_in(b"reg", b"x.reg") is True
    assert stands_in(b"reg", b"regs") is False


@given(st.sampled_from(["a", "ab", "a_b", "é"]), st.text("abé_ .(=1\n"))
def test_it_finds_what_the_pattern_finds(word: str, text: str) -> None:
    assert list(occurrences(word, text)) == [found.start() for found in re.finditer(rf"\b{word}\b", text)]


@given(
    st.sets(st.sampled_from([b"a", b"ab", b"aab", b"a_b"]), min_size=1),
    st.text("abé_ .(=1\n").map(str.encode),
)
def test_one_of_many_is_found_where_the_pattern_finds_it(words: set[bytes], text: bytes) -> None:
    found = re.search(rb"\b(?:%s)\b" % b"|".join(words), text)
    assert one_stands_in(any_of(words), text) is (found is not None)
