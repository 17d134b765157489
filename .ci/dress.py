"""What every rendered page gets: fonts and KaTeX from the site itself, a way past the navigation, names for what screen readers meet, code that wraps with its indentation."""
import re, shutil
from html import escape

fonts = '@fontsource-variable/source-sans-3'

def ship(site, modules):
    "KaTeX and the typeface go into the site, and its themes fetch nothing"
    libs = site/'site_libs'
    katex = libs/'katex'
    katex.mkdir()
    for name in ('katex.min.css', 'katex.min.js', 'contrib/auto-render.min.js'): shutil.copy(modules/'katex'/'dist'/name, katex)
    shutil.copytree(modules/'katex'/'dist'/'fonts', katex/'fonts', ignore=shutil.ignore_patterns('*.ttf', '*.woff'))
    typeface = libs/'typeface'
    typeface.mkdir()
    for style in ('normal', 'italic'): shutil.copy(modules/fonts/'files'/f'source-sans-3-latin-wght-{style}.woff2', typeface)
    for theme in (libs/'themes').glob('*.css'):
        theme.write_text(re.sub(r'@import url\([^)]*\);', '', theme.read_text(encoding='utf-8')), encoding='utf-8')

# formulas that are wider than their place can be reached, and so scrolled, by keyboard
reach = '''<script>
function reach() { document.querySelectorAll('.katex-display').forEach(f => f.scrollWidth > f.clientWidth || f.scrollHeight > f.clientHeight + 10 ? f.tabIndex = 0 : f.removeAttribute('tabindex')) }
addEventListener('load', () => { reach(); document.querySelectorAll('.katex-display').forEach(f => new ResizeObserver(reach).observe(f)) })
document.fonts.addEventListener('loadingdone', reach)
</script>'''

def lines_apart(match):
    "A code block with a block element for each line, which knows its indentation; colours go on from line to line"
    opened, done = [], []
    for line in match[2].split('\n'):
        start = ''.join(opened)
        for tag in re.findall(r'<span[^>]*>|</span>', line):
            if tag == '</span>': opened.pop()
            else: opened.append(tag)
        indent = len(line) - len(line.lstrip(' '))
        done.append(f'<span class="line" style="--in:{indent}">{start}{line}\n{"</span>"*len(opened)}</span>')
    return match[1] + ''.join(done) + match[3]

def number_figures(text):
    "Pictures of a page count from 1; they are pictures, for figures are the paper's"
    numbers = iter(range(1, 1000))
    return re.sub('<figcaption>', lambda m: f'<figcaption><span class="number">Picture {next(numbers)}.</span> ', text)

def headed(match):
    "A table's header cells: an empty one is no header"
    return re.sub(r'<th( [^>]*)?>\s*</th>', r'<td\1></td>', match[0])

replaced = [
    (r'https://cdn\.jsdelivr\.net/npm/katex@[\d.]+/dist/(?:contrib/)?', '{root}site_libs/katex/'),
    (r'(<body[^>]*>)', r'\1<a class="skip" href="#quarto-document-content">Skip to the text</a>'),
    (r'</body>', reach + '</body>'),
    (r'<main ', '<main tabindex="-1" '),
    (r'<nav class="navbar ', '<nav aria-label="Site" class="navbar '),
    (r'<nav class="quarto-secondary-nav"', '<div class="quarto-secondary-nav"'),
    (r'(<nav id="quarto-sidebar")', r'\1 aria-label="Chapters"'),
    (r'<nav class="quarto-page-breadcrumbs quarto-title', '<nav aria-label="Part" class="quarto-page-breadcrumbs quarto-title'),
    (r'aria-label="breadcrumb"', ''),
    (r'<div class="toc-actions">', '<div class="toc-actions" role="complementary" aria-label="Report a mistake">'),
    (r' role="navigation" aria-expanded', ' role="button" tabindex="0" aria-expanded'),
    (r'<nav id="TOC"', '<nav id="TOC" aria-label="On this page"'),
    (r'<i class="bi bi-github" role="img"></i>', '<i class="bi bi-github" aria-hidden="true"></i>'),
    (r'<table\b', '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table'),
    (r'</table>', '</table></div>')]

def dress(file, site):
    "Change one page in place"
    text = file.read_text(encoding='utf-8')
    root = '../'*len(file.relative_to(site).parents[1:])
    for old, new in replaced: text = re.sub(old, new.replace('{root}', root), text)
    text = re.sub(r'<table.*?</table>', headed, text, flags=re.S)
    text = re.sub(r'(<pre class="sourceCode[^>]*><code[^>]*>)(.*?)(</code></pre>)', lines_apart, text, flags=re.S)
    text = re.sub(r'<nav class="quarto-page-breadcrumbs"\s*>', '<nav aria-label="Place" class="quarto-page-breadcrumbs">', text)
    file.write_text(number_figures(text), encoding='utf-8')
