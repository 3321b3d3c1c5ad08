# shellcheck shell=bash
# What setup.sh, organization.sh and teardown.sh have in common. Runs with bash from 3.2 on.

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
plan=no
yes=no
service=gemini-key-audit
temporary=''
found=no
looked=''
waits='3 6 9 12'

die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 2
}

# usage TEXT: the comment at the head of the script, without its marks.
usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}

# The words of a command as a shell takes them.
quoted() {
  local word flag out=''
  for word in "$@"; do
    flag=''
    case "$word" in --*=*) flag="${word%%=*}=" word="${word#*=}" ;; esac
    case "$word" in
      '' | *[!A-Za-z0-9_@%+=:,./-]*) word="'${word//\'/\'\\\'\'}'" ;;
    esac
    out="$out $flag$word"
  done
  printf '%s\n' "${out# }"
}

steps=0
steps_begun=0
made=''
there=0
bound=0

# step WORDS: what the next commands are for, and how far the script is; it says before how many steps it has.
step() {
  steps_begun=$((steps_begun + 1))
  printf '\n# %s of %s: %s\n' "$steps_begun" "$steps" "$*"
}

# note WORDS: something that is no command.
note() {
  printf '%s\n' "$@" | sed 's/^/# /'
}

# confirm WORDS: asks a person whether to go on; where nobody can answer, and with --yes, nobody is asked.
confirm() {
  local answer
  if [ "$plan" = yes ] || [ "$yes" = yes ] || [ ! -t 0 ]; then return 0; fi
  printf '%s Go on? [y/N] ' "$*"
  read -r answer
  case "$answer" in [yY] | [yY][eE][sS]) ;; *) die 'nothing has been sent' ;; esac
}

# summary WHERE: what this run has made, and what it has found.
summary() {
  [ "$plan" = no ] || return 0
  printf '\n'
  note "Done in $1: $(grep -c . <<<"$made" || true) made, $there there already, $bound rights bound"
  if [ -n "$made" ]; then note "$made"; fi
}

# remember COMMAND: for the summary, what a command makes: the words before its verb, and the name that was looked for.
remember() {
  local word kind=''
  for word in "${@:2}"; do
    case "$word" in create | update) break ;; *) kind="$kind $word" ;; esac
  done
  made="$made${made:+$'\n'}  made:$kind $looked"
}

# run COMMAND: says the command, and runs it unless there is only a plan.
run() {
  quoted "$@"
  [ "$plan" = yes ] || "$@"
}

# patiently COMMAND: as run, again for a while: a service account is known everywhere some seconds after it was made.
patiently() {
  local seconds
  quoted "$@"
  [ "$plan" = no ] || return 0
  case "$*" in *add-iam-policy-binding*) bound=$((bound + 1)) ;; esac
  for seconds in $waits; do
    if "$@"; then return 0; fi
    printf '# not yet; again in %s seconds\n' "$seconds"
    sleep "$seconds"
  done
  "$@"
}

# look NAME COMMAND: whether NAME is a line of what the command lists; `found` is yes, no, or asked in a plan.
# A listing that fails ends the script: what cannot be seen is not taken for missing.
look() {
  local listed
  looked="$1"
  shift
  quoted "$@"
  found=asked
  [ "$plan" = no ] || return 0
  listed="$("$@")"
  found=no
  if grep -qxF -- "$looked" <<<"$listed"; then found=yes; fi
}

# if_absent COMMAND, if_present COMMAND: run after look; a plan shows both.
if_absent() {
  case "$found" in
    asked) printf '# if it is not there:\n' && run "$@" ;;
    no) run "$@" && remember "$@" ;;
    yes) there=$((there + 1)) ;;
  esac
}

if_present() {
  case "$found" in
    asked) printf '# if it is there:\n' && run "$@" ;;
    yes) run "$@" ;;
  esac
}

# role ID --project=ID|--organization=NUMBER: a custom role of deploy/roles; one that was deleted lately comes back,
# since its ID is taken for weeks.
role() {
  local full="${2#--}"
  full="${full%%=*}s/${full#*=}/roles/$1"
  look "$full" gcloud iam roles list "$2" --show-deleted --filter=deleted=true --format='value(name)'
  if_present gcloud iam roles undelete "$1" "$2" --format=none
  look "$full" gcloud iam roles list "$2" --format='value(name)'
  if_absent gcloud iam roles create "$1" "$2" --file="$(in_file "roles/$1.yaml")" --quiet --format=none
  if_present gcloud iam roles update "$1" "$2" --file="$(in_file "roles/$1.yaml")" --quiet --format=none
}

# unbound MEMBER ROLE GROUP... ID: takes a role away where it is bound, with whatever condition.
unbound() {
  local member="$1" role="$2"
  shift 2
  local group=("${@:1:$#-1}") id="${!#}"
  look "$member $role" gcloud "${group[@]}" get-iam-policy "$id" '--flatten=bindings[].members[]' \
    --format='value[separator=" "](bindings.members,bindings.role)'
  if_present gcloud "${group[@]}" remove-iam-policy-binding "$id" \
    --member="$member" --role="$role" --all --format=none
}

# in_file FILE: the file of this folder, its names made those of the service.
in_file() {
  local path="$here/$1"
  if [ "$plan" = yes ]; then
    path="deploy/$1"
  elif [ "$service" != gemini-key-audit ]; then
    path="$temporary/$(basename "$1")"
    sed "s/gemini-key-audit/$service/g" "$here/$1" >"$path"
  fi
  printf '%s' "$path"
}

# matches VALUE PATTERN FLAG: ends the script where a value is missing, or cannot be what its flag takes.
matches() {
  [ -n "$1" ] || die "$3 is needed; --help tells more"
  [[ "$1" =~ ^($2)$ ]] || die "$3 cannot be $1; --help tells more"
}

# for_temporary_files: a folder that goes when the script ends.
for_temporary_files() {
  temporary="$(mktemp -d)"
  trap 'rm -rf "$temporary"' EXIT
}
