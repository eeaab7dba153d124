"""The files of a project as modules, parsed when they are asked for."""

from __future__ import annotations

import gc
import os
import re
from collections import OrderedDict, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.discover import discover
from reglint.files.documents import read_source
from reglint.files.syntax import SyntaxProblem, parse_syntax
from reglint.files.text import Text
from reglint.files.words import stands_in
from reglint.resolve.importing import imports_in, may_have
from reglint.resolve.paths import NONE_NAMED, module_file, module_or_folder, root_of, search_path
from reglint.resolve.reads import Reads
from reglint.resolve.scopes import ModuleIndex, index_module
from reglint.resolve.suspects import Suspects
from reglint.resolve.trees import WHOLE, cuts_of

if TYPE_CHECKING:
    from reglint.resolve.evaluate import Externals
    from reglint.resolve.outline import Wanted
    from reglint.resolve.trees import Cut

_KEPT_CHARACTERS = 16_000_000
"""How much source is kept parsed: a tree takes some fifteen bytes for each character."""
_KEPT_BYTES = 64_000_000
"""How many bytes of files are kept: which of them mention a name is asked again and again."""
_WORTH_AN_INDEX = 30
"""How many names are looked for one by one before the words of all files are taken down."""
_KEPT_READS = 48
"""Of how many modules it is kept where they read their names."""


def parse(path: Path, source: str) -> ModuleIndex:
    """The module in ``path``, of which ``source`` is the text.

    Raises:
        libcst.ParserSyntaxError: it is not Python, as far as it is parsed at once.
        RecursionError: it is nested so deeply that libcst, which has no limit, would crash.
    """
    return index_module(path, Text(source), _cuts(source))


def _cuts(source: str) -> tuple[Cut, ...]:
    syntax = parse_syntax(source)
    if not isinstance(syntax, SyntaxProblem):
        return cuts_of(syntax, Text(source))
    if syntax.too_deep:
        raise RecursionError(syntax.message)
    return WHOLE


class Project:
    """Finds the file behind a dotted module name, as Python would when ``importer`` runs.

    The newest modules are kept, so that memory does not grow with the number of files.
    """

    def __init__(self, hurried: bool = False, named: frozenset[str] = NONE_NAMED) -> None:
        self.hurried = hurried
        """Whether a few files are read, so that what takes as long as reading the whole project is not worth it."""
        self.named = named
        """The absolute paths of the folders that are read: where nothing marks a project, they do."""
        self._modules: OrderedDict[str, ModuleIndex | None] = OrderedDict()
        self._cuts: dict[str, tuple[int, tuple[Cut, ...]]] = {}
        self._reads: dict[ModuleIndex, Reads] = {}
        self._data: dict[Path, bytes] = {}
        self._data_size = 0
        self._imports: dict[Path, tuple[tuple[bytes, bytes, bytes], ...]] = {}
        self._having: dict[tuple[Path, str, Path], bool] = {}
        self._mentioning: dict[tuple[str, str], tuple[Path, ...]] = {}
        self._words: dict[str, dict[bytes, list[Path]]] = {}
        self._assigning: dict[str, dict[bytes, list[Path]]] = {}
        self._listed: dict[str, tuple[Path, ...]] = {}
        self._found: dict[tuple[str, str], tuple[Path, ...]] = {}
        self._tops_of: dict[str, dict[str, tuple[str, ...]]] = {}
        self._inside: dict[tuple[str, str], Path | None] = {}
        self._matters: dict[tuple[Externals, Path], bool] = {}
        self.users: dict[object, tuple[Path, ...]] = {}
        """The files that may use a definition, by what was asked."""
        self._suspects: dict[Wanted, Suspects] = {}

    def module(self, path: Path) -> ModuleIndex | None:
        """The module in ``path``; None where it cannot be read or parsed."""
        key = _key(path)
        if key in self._modules:
            self._modules.move_to_end(key)
            return self._modules[key]
        try:
            return self.parse(path, read_source(path))
        except (OSError, ValueError, cst.ParserSyntaxError, RecursionError):
            self._modules[key] = None
            return None

    def parse(self, path: Path, source: str) -> ModuleIndex:
        """The module in ``path``, of which ``source`` is the text.

        Raises:
            libcst.ParserSyntaxError: it is not Python, as far as it is parsed at once.
            RecursionError: it is nested too deeply.
        """
        kept = self._modules.get(_key(path))
        if kept is not None and kept.text.value == source:
            return kept
        index = index_module(path, Text(source), self.cuts(path, source))
        self._modules[_key(path)] = index
        self._make_room()
        return index

    def cuts(self, path: Path, source: str) -> tuple[Cut, ...]:
        """The parts of a text, that of the module in ``path``; those of each module are kept.

        Raises:
            RecursionError: it is nested too deeply.
        """
        known = self._cuts.get(_key(path))
        if known is None or known[0] != hash(source):
            known = self._cuts[_key(path)] = hash(source), _cuts(source)
        return known[1]

    def with_module(self, index: ModuleIndex) -> Project:
        """The same project with another text in the file that ``index`` is of."""
        other = Project(self.hurried, self.named)
        other._modules.update(self._modules)
        other._modules[_key(index.path)] = index
        other._data.update(self._data)
        other._data[index.path] = index.text.value.encode("utf-8", "surrogatepass")
        other._data_size = self._data_size
        other._assigning.update(self._assigning)
        other._listed.update(self._listed)
        other._found.update(self._found)
        other._tops_of.update(self._tops_of)
        return other

    def _make_room(self) -> None:
        """Let go of the modules that were asked for longest ago, many at a time: collecting them is slow."""
        characters = sum(kept.read_characters for kept in self._modules.values() if kept is not None)
        if characters <= _KEPT_CHARACTERS:
            return
        while len(self._modules) > 1 and characters > _KEPT_CHARACTERS / 2:
            _, dropped = self._modules.popitem(last=False)
            characters -= dropped.read_characters if dropped is not None else 0
        self._reads.clear()
        if not gc.isenabled():
            gc.collect()

    def suspects(self, wanted: Wanted, externals: Externals) -> Suspects:
        """Which calls may construct one of the wanted classes."""
        if wanted not in self._suspects:
            self._suspects[wanted] = Suspects(self, externals, wanted)
        return self._suspects[wanted]

    def may_use(self, name: str, path: Path) -> bool:
        """Whether a file may do more with a name than import or define it, as far as that is known without a tree."""
        return all(suspects.may_use(name, path) for suspects in self._suspects.values())

    def is_parsed(self, path: Path) -> bool:
        """Whether the module in ``path`` is kept."""
        return _key(path) in self._modules

    def data(self, path: Path) -> bytes:
        """The bytes of a file; none where it cannot be read."""
        if path not in self._data:
            if self._data_size > _KEPT_BYTES:
                self._data.clear()
                self._imports.clear()
                self._data_size = 0
            try:
                self._data[path] = path.read_bytes()
            except OSError:
                self._data[path] = b""
            self._data_size += len(self._data[path])
        return self._data[path]

    def imports(self, path: Path) -> tuple[tuple[bytes, bytes, bytes], ...]:
        """The dots, the module and the names of each ``from ... import ...`` of a file."""
        if path not in self._imports:
            self._imports[path] = imports_in(self.data(path))
        return self._imports[path]

    def may_have(self, path: Path, name: str, defined_in: Path) -> bool:
        """Whether a file can have the ``name`` that another one defines at its top level."""
        key = (path, name, defined_in)
        if key not in self._having:
            self._having[key] = may_have(path, name, defined_in, self)
        return self._having[key]

    def may_matter(self, path: Path, externals: Externals) -> bool:
        """Whether a file can hold anything that is looked for, by its bytes; ``externals`` says what that takes."""
        key = (externals, path)
        if key not in self._matters:
            self._matters[key] = externals.may_matter(self.data(path))
        return self._matters[key]

    def reads(self, index: ModuleIndex) -> Reads:
        """Where the names of a module are read. Only those of the newest modules are kept."""
        if index not in self._reads:
            if len(self._reads) >= _KEPT_READS:
                self._reads.clear()
            self._reads[index] = Reads(index)
        return self._reads[index]

    def mentioning(self, name: str, near: Path) -> tuple[Path, ...]:
        """The files of the project that ``near`` belongs to in which ``name`` is a word, sorted by path."""
        files = self.around(near)
        key = (self.root_of(near)[0], name)
        if key not in self._mentioning:
            word = name.encode()
            if len(self._mentioning) < _WORTH_AN_INDEX or not name.isascii():
                found = tuple(path for path in files if stands_in(word, self.data(path)))
            else:
                found = tuple(self._index_of(key[0], files).get(word, ()))
            self._mentioning[key] = found
        return self._mentioning[key]

    def _index_of(self, root: str, files: tuple[Path, ...]) -> dict[bytes, list[Path]]:
        """The files of a project by the words in them."""
        if root not in self._words:
            index: dict[bytes, list[Path]] = defaultdict(list)
            for path in files:
                for word in set(self.data(path).translate(_ONLY_WORDS).split()):
                    index[word].append(path)
            self._words[root] = dict(index)
        return self._words[root]

    def assigning(self, name: str, near: Path) -> tuple[Path, ...]:
        """The files of the project of ``near`` that set an attribute ``name``, but for methods on their own object."""
        root = self.root_of(near)[0]
        if root not in self._assigning:
            found: dict[bytes, list[Path]] = defaultdict(list)
            for path in dict.fromkeys((*self.around(near), Path(os.path.abspath(near)))):
                for each in set(_ASSIGNED.findall(self.data(path))):
                    found[each].append(path)
            self._assigning[root] = found
        return tuple(self._assigning[root].get(name.encode(), ()))

    def root_of(self, near: Path) -> tuple[str, bool]:
        """The folder of the project that a file belongs to, and whether the folders in it belong to it as well."""
        return root_of(os.path.dirname(os.path.abspath(near)), self.named)

    def around(self, near: Path) -> tuple[Path, ...]:
        """The Python files of the project that a file belongs to, sorted by path."""
        root, whole = self.root_of(near)
        if root not in self._listed:
            found = discover([Path(root)]) if whole else sorted(Path(root).glob("*.py"))
            self._listed[root] = tuple(path for path in found if path.suffix == ".py")
        return self._listed[root]

    def find(self, dotted: str, importer: Path) -> Path | None:
        """The file of the absolute module name ``dotted``; the folder of a package without ``__init__.py``."""
        return next(iter(self.candidates(dotted, importer)), None)

    def candidates(self, dotted: str, importer: Path) -> tuple[Path, ...]:
        """The files that an absolute module name can be, the likeliest first."""
        folder = os.path.dirname(os.path.abspath(importer))
        key = (folder, dotted)
        inner = dotted.replace(".", os.sep)
        if key not in self._found:
            bases = [os.path.join(root, inner) for root in search_path(folder, self.named)]
            # As Python does: a folder without __init__.py is a package only where nothing else has the name.
            files = [file for base in bases if (file := module_file(base)) is not None]
            folders = [base for base in bases if os.path.isdir(base)]
            self._found[key] = tuple(map(Path, files or folders))
        return self._found[key] or self._elsewhere(inner, importer)

    def _elsewhere(self, inner: str, importer: Path) -> tuple[Path, ...]:
        """The module in the one folder of the project that has a package of its name, or a module if they are sought.

        Packages are put on Python's path from outside, as those in ``src`` are; for modules without one the importer
        does so itself.
        """
        first = inner.partition(os.sep)[0]
        folders = self._tops(importer).get(first, ())
        if len(folders) != 1:
            return ()
        is_package = os.path.isfile(os.path.join(folders[0], first, "__init__.py"))
        found = module_file(os.path.join(folders[0], inner))
        return (Path(found),) if found and (is_package or b"sys.path" in self.data(importer)) else ()

    def _tops(self, near: Path) -> dict[str, tuple[str, ...]]:
        """The folders that have a package or a module that is in no package, by its name."""
        root = self.root_of(near)[0]
        if root not in self._tops_of:
            files = [str(path.parent / path.stem).rpartition(os.sep)[::2] for path in self.around(near)]
            packages = {folder for folder, name in files if name == "__init__"}
            found: dict[str, dict[str, None]] = defaultdict(dict)
            for folder, name in files:
                if name == "__init__":
                    folder, _, name = folder.rpartition(os.sep)
                if folder not in packages:
                    found[name][folder] = None
            self._tops_of[root] = {name: tuple(folders) for name, folders in found.items()}
        return self._tops_of[root]

    def beside(self, importer: Path, level: int, dotted: str) -> Path | None:
        """The file of the module that ``importer`` names by a relative import of ``level`` dots."""
        folder = os.path.dirname(os.path.abspath(importer))
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return module_or_folder(os.path.join(folder, *dotted.split(".")) if dotted else folder)

    def inside(self, package: Path, name: str) -> Path | None:
        """The file of the module ``name`` inside a package, given by its ``__init__.py`` or its folder."""
        if package.suffix and package.name != "__init__.py":
            return None
        folder = str(package.parent if package.suffix else package)
        if (folder, name) not in self._inside:
            self._inside[folder, name] = module_or_folder(os.path.join(folder, name))
        return self._inside[folder, name]


_ONLY_WORDS = bytes(
    byte if chr(byte).isidentifier() or chr(byte).isdigit() else 32 for byte in range(128)
).ljust(256)
"""A translation that leaves nothing of a text but its ASCII words."""
_ASSIGNED = re.compile(rb"\.(?<!\bself\.)(\w+)\s*=(?!=)")


def _key(path: Path) -> str:
    return os.path.abspath(path)
