"""The documentation site without Quarto or network: nbs/ -> _proc/ (nbdev) -> _site/ (smalldocs), then every link and formula is checked.

To read it: `python -m http.server -d _site`."""
import json, os, re, shutil, subprocess, sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
import yaml
from fastcore.nbio import read_nb
from nbdev.config import get_config, nbpath2html
from nbdev.doclinks import nbglob
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs
from dress import dress, fonts, ship
from pages import install, revise

root = Path(__file__).resolve().parent.parent
proc, site = root/'_proc', root/'_site'
modules = root/'.ci'/'node_modules'
needed = {'katex': '0.19.1', fonts: '5.3.1', 'axe-core': '4.14.1', 'puppeteer-core': '25.16.0'}

def page_name(p): return nbpath2html(p).with_suffix('.ipynb').name

def process():
    "`_proc/` as nbdev makes it for Quarto, changed to what smalldocs can read"
    refresh_quarto_yml()
    install()
    proc_nbs(n_workers=0, force=True)
    # smalldocs does not know `output-file`: the notebooks take the names of their pages, and links follow
    nbs = sorted(proc.rglob('*.ipynb'))
    docs = get_config().doc_host + get_config().doc_baseurl + '/'
    for nb in nbs:
        text = revise(re.sub(r'"output-file: [^"]*"', '""', nb.read_text(encoding='utf-8')))
        text = text.replace(f']({docs}', ']('+'../'*len(nb.relative_to(proc).parents[1:]))
        for o in nbs: text = re.sub(rf'(?<=[(/]){o.name}(?=[)#])', page_name(o), text)
        nb.with_name(page_name(nb)).write_text(text, encoding='utf-8')
        if page_name(nb) != nb.name: nb.unlink()
    # one configuration: the sidebar's globs spelled out in the notebooks' own order, less what only Quarto has
    conf = yaml.safe_load((proc/'_quarto.yml').read_text())
    more = yaml.safe_load((proc/'nbdev.yml').read_text())
    conf['website'] |= more['website']
    conf['project']['output-dir'] = str(site)
    conf['format'] = {'html': {k: v for k,v in conf['format']['html'].items() if k!='html-math-method'}} # it has KaTeX anyway
    del conf['metadata-files']
    for s in conf['website']['sidebar']['contents']:
        if isinstance(s, dict): s['contents'] = [str((o.parent/page_name(o)).relative_to(proc)) for o in nbs if o.relative_to(proc).match(s['contents'])]
    (proc/'_quarto.yml').write_text(yaml.dump(conf, sort_keys=False))

class Page(HTMLParser):
    "What has to be checked in one page: its anchors, links and formulas"
    def __init__(self, file):
        super().__init__()
        self.file,self.ids,self.links,self.formulas,self.loose,self.open = file,{'', 'top'},[],[],[],[]
        self.feed(file.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids |= {attrs.get('id'), attrs.get('name')}
        self.links += [attrs[k] for k in ('href', 'src') if attrs.get(k)]
        if tag in ('pre', 'code', 'script', 'style'): self.open.append(tag)
        if tag == 'span' and 'math' in attrs.get('class', '').split(): self.open.append('math')

    def handle_endtag(self, tag):
        if self.open and (tag == self.open[-1] or tag == 'span' and self.open[-1] == 'math'): self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] == ['math']: self.formulas.append(data)
        elif '$$' in data and not self.open: self.loose.append(data)

def broken_links(pages):
    "Each link in each page whose file or anchor does not exist"
    for page in pages.values():
        for link in page.links:
            u = urlsplit(link)
            if u.scheme or u.netloc: continue
            at = unquote(u.path)
            target = (site/at[1:] if at.startswith('/') else page.file.parent/at).resolve() if at else page.file
            if target.is_dir(): target /= 'index.html'
            if not target.exists() or target in pages and unquote(u.fragment) not in pages[target].ids:
                yield f'{page.file.relative_to(site)}: link to {link}'

def broken_formulas(pages):
    "Each formula that KaTeX refuses, and each `$$` that was not read as one"
    for page in pages.values():
        for text in page.loose: yield f'{page.file.relative_to(site)}: not read as a formula: {text.strip()[:80]}'
    js = '''const katex = require('katex'), pages = JSON.parse(require('fs').readFileSync(0))
    for (const [page, formulas] of pages) for (const f of formulas)
        try { katex.renderToString(f.slice(2, -2), {displayMode: f.startsWith('\\\\['), strict: 'error'}) }
        catch (e) { console.log(`${page}: ${e.message.replace(/\\s+/g, ' ')}`) }'''
    found = [(str(p.file.relative_to(site)), p.formulas) for p in pages.values()]
    yield from subprocess.run(['node', '-e', js], input=json.dumps(found), cwd=root/'.ci', text=True, check=True, stdout=subprocess.PIPE).stdout.splitlines()

def undescribed():
    "Each picture that the site shows without a caption or an alternative text"
    for nb in nbglob(as_path=True):
        for cell in read_nb(nb).cells:
            if cell.cell_type != 'code' or 'hide' in cell.directives: continue
            shown = any({'image/png', 'image/svg+xml'} & set(o.get('data', {})) for o in cell.outputs)
            lacks = [flag for flag in ('fig-cap', 'fig-alt') if f'#| {flag}:' not in cell.source]
            if shown and lacks: yield f'{nb.relative_to(root)}: the picture of cell {cell.id} has no {" and no ".join(lacks)}: write it as #| lines at the top of the cell'

def install_packages():
    "What the pages need in the browser, and what checks them, from npm"
    if all((modules/name/'package.json').exists() and json.loads((modules/name/'package.json').read_text())['version'] == v for name,v in needed.items()): return
    if not shutil.which('npm'): sys.exit('The site needs node and npm, and there is no npm here: install them, for example with apt-get install npm.')
    wanted = [f'{name}@{v}' for name,v in needed.items()]
    subprocess.run(['npm', 'install', '--silent', '--no-save', '--no-package-lock', '--prefix', root/'.ci', *wanted], stdin=subprocess.DEVNULL, check=True)

def inaccessible():
    "What a browser and axe-core find in the pages, in both themes and at two widths; without a browser it is said that this was not run"
    browser = os.environ.get('CHROMIUM') or shutil.which('chromium') or shutil.which('google-chrome')
    if not browser:
        print('NOT RUN: pages were not read in a browser, for there is none: install chromium, or name one in CHROMIUM')
        return []
    ran = subprocess.run(['node', root/'.ci'/'accessible.js', site], env=os.environ | {'CHROMIUM': browser}, text=True, stdout=subprocess.PIPE)
    *faults, summary = ran.stdout.splitlines() or ['']
    print(summary)
    return faults if not ran.returncode else [*faults, 'pages not read in a browser: it stopped']

def lost_prose():
    "Each line of a title cell that nbdev leaves out: it reads the whole cell as `# title`, `> description` and `- key: value`"
    for nb in nbglob(as_path=True):
        for line in read_nb(nb).cells[0].source.splitlines():
            if line.strip() and not re.match('# |> |- .+:', line): yield f'{nb.relative_to(root)}: move this out of the title cell: {line}'

if __name__ == '__main__':
    os.chdir(root)
    install_packages()
    process()
    shutil.rmtree(site, ignore_errors=True)
    warned = subprocess.run([sys.executable, '-m', 'smalldocs.cli', 'render', '--quiet', '--strict', proc]).returncode
    ship(site, modules)
    for page in site.rglob('*.html'): dress(page, site)
    pages = {f: Page(f) for f in site.rglob('*.html')}
    broken = [*lost_prose(), *undescribed(), *broken_links(pages), *broken_formulas(pages), *inaccessible()]
    print(f'{len(pages)} pages, {sum(len(p.links) for p in pages.values())} links, {sum(len(p.formulas) for p in pages.values())} formulas, {len(broken)} broken')
    sys.exit('\n'.join(broken) or warned)
