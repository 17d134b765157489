"""How nbdev's pages become the book's: what is folded, what has a heading, how signatures read, what a word in backticks links to."""
import ast, json, re
from functools import cache
from pathlib import Path
import nbdev.serve, nbdev.showdoc
from nbdev.doclinks import NbdevLookup
from nbdev.processors import FilterDefaults, add_show_docs
from nbdev.showdoc import BasicMarkdownRenderer

package = Path(__file__).resolve().parent.parent/'mmpoe'
definitions = (ast.FunctionDef, ast.ClassDef)

@cache
def classes():
    "name -> (its part of the syntax tree, the lines of its module), for each class of the package"
    found = {}
    for module in package.glob('*.py'):
        text = module.read_text(encoding='utf-8')
        found |= {node.name: (node, text.splitlines()) for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    return found

def record_signature(name):
    "The fields of a record as its signature, with what stands beside each; None for what is no record"
    node, lines = classes().get(name, (None, None))
    if node is None: return None
    decorators, bases = map(ast.unparse, node.decorator_list), map(ast.unparse, node.bases)
    if not any('dataclass' in d for d in decorators) and 'NamedTuple' not in bases: return None
    fields = [field for field in node.body if isinstance(field, ast.AnnAssign)]
    shown = [f'    {field_text(field, lines)}' for field in fields]
    return '\n'.join([f'{name}(', *shown, ')'])

def field_text(field, lines):
    default = '' if field.value is None else '=' + ast.unparse(field.value)
    comment = lines[field.end_lineno-1][field.end_col_offset:].strip()
    return f'{field.target.id}:{ast.unparse(field.annotation)}{default}, {comment}'.rstrip()

class Entry(BasicMarkdownRenderer):
    "What the site shows of a function or class: records by their fields, types without their modules"
    def __init__(self, sym, *args, **kwargs):
        super().__init__(sym, *args, **kwargs)
        if isinstance(sym, type): self.dm = record_signature(sym.__name__) or str(self.dm).removeprefix('def ').removesuffix(':')
        self.dm = re.sub(r'\b(?:__main__|mmpoe\.\w+)\.(?=\w)', '', str(self.dm))

def without_helpers(cell):
    "No heading for a function that has no docstring: nobody looks it up"
    if not getattr(cell, 'has_sd', False): return
    name = re.fullmatch(r'show_doc\((.+)\)', cell.source.strip())[1]
    if not documented().get(name.split('.')[-1], True): del cell['source']

@cache
def documented():
    "name -> whether it has a docstring, for each function and class of the package; a name that stands twice has one if either has"
    found = {}
    for module in package.glob('*.py'):
        for node in ast.walk(ast.parse(module.read_text(encoding='utf-8'))):
            if isinstance(node, definitions): found[node.name] = found.get(node.name, False) or bool(ast.get_docstring(node))
    return found

class show_meant(add_show_docs):
    "An exported table or constant whose name stands in backticks in the prose beside it is shown"
    def begin(self):
        cells = self.nb.cells
        for before, cell, after in zip(cells, cells[1:], [*cells[2:], None]):
            if 'export' not in cell.directives_ or cell.cell_type != 'code': continue
            prose = ' '.join(c.source for c in (before, after) if c is not None and c.cell_type == 'markdown')
            if set(assigned(cell.source)) & set(re.findall(r'`(\w+)`', prose)): cell.directives_['exec_doc'] = cell.directives_.pop('export')

def assigned(source):
    "Names that a cell assigns, if it defines nothing else"
    body = ast.parse(source).body
    if any(isinstance(node, definitions) for node in body): return []
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]

class Book(FilterDefaults):
    def base_procs(self):
        procs = super().base_procs()
        at = procs.index(add_show_docs)
        return [*procs[:at], show_meant, add_show_docs, without_helpers, *procs[at+1:]]

def link_meant(self, match, linked=NbdevLookup._link_sym):
    "A lone lower-case word such as `observed` names a variable more often than a function: it is linked where it is written as a call"
    called = match[0].endswith('()`')
    return match[0] if re.fullmatch('[a-z0-9]+', match[1]) and not called else linked(self, match)

def fold(cell):
    "The flags that fold a code cell, where it has none of its own"
    source = ''.join(cell['source'])
    if '#| code-fold: show' in source: return source.replace('#| code-fold: show', '#| code-fold: true').replace('"Exported source"', '"Source"')
    if re.search(r'^#\| *(code-fold|echo)', source, re.M): return source
    try: body = ast.parse(re.sub(r'^\s*[%!].*$', '', source, flags=re.M)).body
    except SyntaxError: return source
    if not body: return source
    label = 'Imports' if all(map(is_setup, body)) else 'Check' if any(map(is_check, body)) else None
    return source if label is None else f'#| code-fold: true\n#| code-summary: "{label}"\n{source}'

def is_setup(node): return isinstance(node, (ast.Import, ast.ImportFrom)) or 'manual_seed' in ast.unparse(node)

def is_check(node):
    called = [n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    return isinstance(node, ast.Assert) or any(name.startswith('test_') for name in called)

def level_headings(cells):
    "No heading is more than one level below the one before it"
    level = 1
    def step(match):
        nonlocal level
        level = min(len(match[1]), level+1)
        return '#'*level
    def levelled(text):
        parts = re.split(r'(^```.*?^```)', text, flags=re.M | re.S)
        return ''.join(p if n % 2 else re.sub(r'^(#+)(?= )', step, p, flags=re.M) for n,p in enumerate(parts))
    for cell in cells:
        if cell['cell_type'] == 'markdown': cell['source'] = levelled(''.join(cell['source']))
        for out in cell.get('outputs', []):
            data = out.get('data', {})
            if 'text/markdown' in data: data['text/markdown'] = levelled(''.join(data['text/markdown']))

def revise(text):
    "A processed notebook as the book shows it"
    nb = json.loads(text)
    for cell in nb['cells']:
        if cell['cell_type'] == 'code': cell['source'] = fold(cell)
    level_headings(nb['cells'][1:])
    return json.dumps(nb, ensure_ascii=False)

def install():
    "Put the book's way of processing in nbdev's place"
    nbdev.serve.FilterDefaults = Book
    nbdev.showdoc.BasicMarkdownRenderer = Entry
    NbdevLookup._link_sym = link_meant
