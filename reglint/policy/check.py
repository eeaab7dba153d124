"""Whether a policy file has the form that it must have: its keys, and the types of their values."""

from __future__ import annotations

import json
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from reglint.policy.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.policy.errors import KeyPath
    from reglint.policy.source import Source


def sound(source: Source, hint: Any, key: KeyPath = ()) -> Any:
    """The entry at ``key``, without what does not have the form ``hint``; UNSET if nothing is left.

    What is left out is reported. ``msgspec`` judges each value; tables are walked here, because ``msgspec``
    stops at the first problem and does not name the keys of a dict.
    """
    value = source.value(key)
    alternatives = list(_alternatives(hint))
    if isinstance(value, dict):
        struct = next((each for each in alternatives if isinstance(each, type(msgspec.Struct))), None)
        if struct is not None:
            return _sound_table(source, struct, key)
        entries = next((get_args(each)[1] for each in alternatives if get_origin(each) is dict), None)
        if entries is not None:
            inner = {name: sound(source, entries, (*key, name)) for name in value}
            return {name: entry for name, entry in inner.items() if entry is not msgspec.UNSET}
    if isinstance(value, list) and value:
        item = next((get_args(each)[0] for each in alternatives if get_origin(each) is list), None)
        if item is not None:
            items = [sound(source, item, (*key, number)) for number in range(len(value))]
            # All or none, so that an index means the same in the file and in what is returned.
            return items if msgspec.UNSET not in items else msgspec.UNSET
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        expected = hint.__metadata__[0].description if get_origin(hint) is Annotated else "a table"
        words = [word for each in alternatives if get_origin(each) is Literal for word in get_args(each)]
        by_text = {str(word): json.dumps(word) for word in words}
        close = nearest(value, by_text) if isinstance(value, str) else None
        message = f"{source.place(key)}: expected {expected}, got {source.shown(key)}"
        source.report(key, message, f"did you mean {by_text[close]}?" if close else None)
        return msgspec.UNSET
    return value


def _sound_table(source: Source, struct: type[msgspec.Struct], key: KeyPath) -> Any:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    place = source.place(key)
    checked = {}
    for name in source.value(key):
        if name in fields:
            checked[name] = sound(source, fields[name].type, (*key, name))
        else:
            close = nearest(name, fields)
            hint = f'did you mean "{close}"?' if close else f"the keys there are {', '.join(fields)}"
            unknown = f"unknown key {json.dumps(name, ensure_ascii=False)}"
            source.report((*key, name), f"{unknown} in {place}" if place else f"{unknown} at the top", hint)
    missing = [name for name, field in fields.items() if field.required and name not in source.value(key)]
    for name in missing:
        source.report(key, f'{place}: "{name}" is missing')
    if missing or any(checked.get(name) is msgspec.UNSET for name, field in fields.items() if field.required):
        return msgspec.UNSET
    return {name: value for name, value in checked.items() if value is not msgspec.UNSET}


def _alternatives(hint: Any) -> Iterator[Any]:
    """The types of a union, whatever it is wrapped in."""
    if get_origin(hint) is Annotated:
        yield from _alternatives(get_args(hint)[0])
    elif get_origin(hint) in (Union, UnionType):
        for each in get_args(hint):
            yield from _alternatives(each)
    else:
        yield hint
