#!/usr/bin/env bash
# One expects a changed param to run the stages that read it, and `dvc params diff` to show it: that is what they are for.
# 1, 1.0 and true are equal to DVC: after `max_features: 1` -> `1.0` (to scikit-learn: one column -> all columns) `dvc repro` skips the stage, `dvc status`
# is up to date and `dvc params diff` is empty, while params.yaml and dvc.lock say different things. Hurt: whoever reviews a model by its params.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet dvc==3.67.1 >/dev/null
export DVC_NO_ANALYTICS=true GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
dvc="$home/venv/bin/dvc"; mkdir "$home/repo"; cd "$home/repo"
git init -q; "$dvc" init -q
echo 'max_features: 1' > params.yaml
printf 'stages:\n  train:\n    cmd: cp params.yaml model.txt\n    params: [max_features]\n    outs: [model.txt]\n' > dvc.yaml
"$dvc" repro -q; git add -A; git commit -qm first
echo 'max_features: 1.0' > params.yaml
"$dvc" repro -q
echo "dvc $("$dvc" --version): params.yaml says '$(cat params.yaml)', the model was made with '$(cat model.txt)'"
echo "dvc status: $("$dvc" status)"
echo "dvc params diff: '$("$dvc" params diff)'"
[ "$(cat model.txt)" = 'max_features: 1' ] && [ -z "$("$dvc" params diff)" ]
echo 'max_features: 2' > params.yaml
"$dvc" repro -q
[ "$(cat model.txt)" = 'max_features: 2' ]
