"Extras that nbdev-migrate-config leaves out: NAME_requirements in settings.ini becomes the extra NAME in pyproject.toml."
from configparser import ConfigParser
from pathlib import Path

config = ConfigParser(delimiters=['='], interpolation=None)
config.read('settings.ini')
suffix, theirs = '_requirements', ('dev', 'pip')
extras = {k.removesuffix(suffix): v.split() for k,v in config['DEFAULT'].items() if k.endswith(suffix)}
lines = ''.join(f'{name} = {needs}\n' for name,needs in extras.items() if name not in theirs)

path, head = Path('pyproject.toml'), '[project.optional-dependencies]\n'
text = path.read_text()
if head not in text: raise SystemExit(f'pyproject.toml has no {head.strip()}: nbdev-migrate-config did not write what it used to')
path.write_text(text.replace(head, head + lines))
