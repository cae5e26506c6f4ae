#!/usr/bin/env bash
# One expects `import great_expectations` to succeed or to raise, whatever else is installed: PySpark is one of its optional extras, which it tries and goes on without.
# With pyspark installed and grpcio not, the import calls sys.exit(0) where the main module has no file (`python -c`, pytest-xdist's workers): nothing after it runs, and
# the exit code says success. Run from a file the same two lines go on.
# Hurt: CI steps and health checks written as `python -c`, which pass without having checked anything; test workers that vanish.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet great-expectations==1.24.1 pandas==3.1.1 pyspark==4.3.0 >/dev/null
export GX_ANALYTICS_ENABLED=false
cat > "$home/check.py" <<'PY'
import great_expectations as gx
print("great_expectations", gx.__version__, "is imported")
PY
cd "$home"
from_file=$("$home/venv/bin/python" check.py 2>/dev/null) && code_of_file=$?
from_text=$("$home/venv/bin/python" -c "$(cat check.py)" 2>/dev/null) && code_of_text=$?
echo "python check.py:         printed '$from_file', exit code $code_of_file"
echo "python -c of that text:  printed '$from_text', exit code $code_of_text"
[ -n "$from_file" ] && [ "$code_of_file" = 0 ] && [ -z "$from_text" ] && [ "$code_of_text" = 0 ]
