"README.md from nbs/index.ipynb: prose as it is, code in fences, text outputs indented, pictures in nbs/readme_files/."
import base64, re, shutil
from pathlib import Path
from textwrap import indent
from fastcore.nbio import read_nb

root = Path(__file__).resolve().parent.parent
pictures = root/'nbs'/'readme_files'

def prose(text):
    "Relative links start at nbs/ in the notebook and at the top in README.md"
    return re.sub(r'(?<=\]\()(?!\w+:|#)(?=[^)]+\))', 'nbs/', text)

def output(o, name):
    "One output as Markdown: the first of picture, Markdown and plain text that it has"
    data = o.get('data', {'text/plain': o.get('text', '')})
    if 'image/png' in data:
        pictures.mkdir(exist_ok=True)
        (pictures/f'{name}.png').write_bytes(base64.b64decode(data['image/png']))
        return f'![](nbs/readme_files/{name}.png)'
    if 'text/markdown' in data: return prose(''.join(data['text/markdown']))
    return indent(''.join(data.get('text/plain', '')).rstrip(), '    ')

def cell(c):
    "One cell as Markdown blocks"
    if 'hide' in c.directives: return []
    if c.cell_type != 'code': return [prose(c.source)]
    code = '\n'.join(l for l in c.source.splitlines() if not l.startswith('#|')).strip()
    shown = [] if c.directives.get('echo') == 'false' or not code else [f'```python\n{code}\n```']
    return shown + [output(o, f'{c.id}-{i}') for i,o in enumerate(c.outputs) if o.get('name') != 'stderr']

if __name__ == '__main__':
    shutil.rmtree(pictures, ignore_errors=True)
    blocks = [b.strip('\n') for c in read_nb(root/'nbs'/'index.ipynb').cells for b in cell(c)]
    (root/'README.md').write_text('\n\n'.join(filter(None, blocks)) + '\n', encoding='utf-8')
