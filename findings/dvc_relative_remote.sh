#!/usr/bin/env bash
# One expects `dvc fetch --all-commits` to bring the data of all commits from a remote that `dvc push` put them into, commit by commit.
# A remote whose place is relative (`dvc remote add -d far ../far`, kept relative in .dvc/config) is looked for beside the root of the file system for every commit but the one that is
# checked out: fetch leaves the older data out with a warning, and `dvc push --all-commits` says how many files it pushed, and puts them into a folder there, if it may.
# Hurt: whoever keeps the history of a data set beside the repository, or deletes a cache after such a push. An absolute place, or a URL, is right.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet dvc==3.67.1 >/dev/null
export DVC_NO_ANALYTICS=true GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
dvc="$home/venv/bin/dvc"; mkdir "$home/repo"; cd "$home/repo"
far="far-$(basename "$home")"  # a name that nothing at / has
git init -q; "$dvc" init -q; "$dvc" remote add -q -d far "../$far"
for n in 1 2; do echo "$n" > rows.csv; "$dvc" add -q rows.csv; git add -A; git commit -qm "$n"; "$dvc" push -q; done
kept() { find "$1" -type f | wc -l; }
echo "dvc $("$dvc" --version): the remote '$(grep url .dvc/config | tr -d ' ')' has the data of $(kept "../$far/files") commits"
rm -rf .dvc/cache/files
"$dvc" fetch --all-commits > said.txt 2>&1 || true
echo "dvc fetch --all-commits brought those of $(kept .dvc/cache/files): $(grep -v '^$' said.txt | tr '\n' ' ')"
[ "$(kept "../$far/files")" = 2 ] && [ "$(kept .dvc/cache/files)" = 1 ]
"$dvc" remote modify -q --local far url "$home/$far"
"$dvc" fetch --all-commits -q
echo "with an absolute place: those of $(kept .dvc/cache/files)"
[ "$(kept .dvc/cache/files)" = 2 ]
