#!/usr/bin/env bash
# What a stranger does: clone into an empty folder, `make test`, `make run`, and ask the bot where a parcel is.
#
#   tests/stranger.sh [--run-only | --test-only] [REPOSITORY]
#
# REPOSITORY is anything `git clone` takes; without one it is the checkout this script lies in, as last committed.
# `make run` uses the ports of .env.example, so they must be free. Everything that was started is ended, and the
# clone is removed. Needs what the README asks for, and curl.
set -euo pipefail

PHONE=242061234567                  # Grâce Mabiala, one of the demo's customers
NUMBER=100000000000001              # Kimia Express, the business she writes to
QUESTION="où est ma commande COUR-20250127-061 ?"
EXPECTED="COUR-20250127-061"        # on the first line of the timeline

READY_SECONDS=900                   # a first `make run` downloads both environments
ANSWER_SECONDS=30
END_SECONDS=40                      # the bot may finish its turns, which takes 25 s at most

main() {
    local tests=yes run=yes source=""
    while [ $# -gt 0 ]; do
        case $1 in
            --run-only) tests=no ;;
            --test-only) run=no ;;
            -h | --help) usage && exit 0 ;;
            -*) usage >&2 && exit 2 ;;
            *) source=$1 ;;
        esac
        shift
    done
    need git make python3 curl

    folder=$(mktemp -d)
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    clone "${source:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
    [ $run = no ] || need_free_ports
    [ $tests = no ] || run_tests
    [ $run = no ] || chat
}

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

clone() {
    say "git clone $1"
    cloned_at=$SECONDS
    git clone -q "$1" "$folder/relais"
    cd "$folder/relais"
    say "at $(git log -1 --format='%h, %s')"
}

run_tests() {
    say "make test"
    local started=$SECONDS
    start make test
    wait "$running" || fail "make test failed after $((SECONDS - started)) s."
    running=""
    tested_in=$((SECONDS - started))
    say "make test passed in $tested_in s"
}

chat() {
    say "make run"
    local started=$SECONDS emulator bot asked answer
    emulator=http://127.0.0.1:$(setting EMULATOR_PORT)
    bot=http://127.0.0.1:$(setting BOT_PORT)
    start make run
    until_true $READY_SECONDS "the phone page" web "$emulator/"
    until_true $READY_SECONDS "the bot" web "$bot/webhooks/whatsapp/ready"
    say "the phone page and the bot are ready, $((SECONDS - started)) s after make run"

    asked=$(web -H "X-Emulator: 1" -H "Content-Type: application/json" "$emulator/api/phones/$PHONE/send" \
        -d "{\"type\": \"text\", \"phone_number_id\": \"$NUMBER\", \"text\": \"$QUESTION\"}" | field id)
    printf '\n  %s\n' "$QUESTION"
    chat_url="$emulator/api/phones/$PHONE/messages?phone_number_id=$NUMBER&after=$asked"
    until_true $ANSWER_SECONDS "an answer" has_answer
    local answered_at=$SECONDS
    answer=$(answer_text)
    printf '%s\n\n' "$answer" | sed 's/^/    /'
    case $answer in
        *"$EXPECTED"*) ;;
        *) fail "The answer is no timeline of $EXPECTED." ;;
    esac

    say "from clone to first answer: $((answered_at - cloned_at)) s${tested_in:+ (make test took $tested_in s of it)}"
    say "memory of each process (resident):"
    memory
    stop_like_a_stranger
}

# -- the processes ---------------------------------------------------------------------------------------------------

running=""                          # process group of the make that runs now

start() {
    set -m                          # a process group of its own, so that it can be ended as a whole
    "$@" </dev/null &
    running=$!
    set +m
}

stop_like_a_stranger() {
    say "Ctrl+C"
    local groups
    groups=$(groups_under "$running")
    kill -INT -- "-$running"        # what a terminal sends: to make and what is in its group, not to every process
    local ends=$((SECONDS + END_SECONDS))
    while [ -n "$(alive "$groups")" ]; do
        [ $SECONDS -lt $ends ] || fail "make run left processes behind: $(alive "$groups")."
        sleep 0.2
    done
    running=""
    need_free_ports
    say "everything has ended and the ports are free"
}

clean_up() {
    local code=$? group pid
    trap - EXIT INT TERM
    cd /
    if [ -n "$running" ]; then
        for group in "$running" $(groups_under "$running"); do
            kill -KILL -- "-$group" 2>/dev/null || true
        done
    fi
    for pid in $(left_in_clone); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    rm -rf "$folder"
    exit $code
}

# What a make that died early may have left: processes that live in the clone, where /proc can tell.
left_in_clone() {
    local cwd
    for cwd in /proc/[0-9]*/cwd; do
        case $(readlink "$cwd" 2>/dev/null) in
            "$folder"/*) cwd=${cwd#/proc/}; echo "${cwd%/cwd}" ;;
        esac
    done
}

# Every process below a given one, itself first.
tree() {
    ps -e -o pid=,ppid= | awk -v top="$1" '
        { parent[$1] = $2 }
        END {
            for (pid in parent) {
                above = pid
                while (above in parent && above != top) above = parent[above]
                if (above == top) print pid
            }
        }' | sort -n
}

# make starts honcho, which gives every process a group of its own; so does the bot's launcher.
groups_under() {
    local pid
    for pid in $(tree "$1"); do
        ps -o pgid= -p "$pid" || true
    done | tr -d ' ' | sort -nu | tr '\n' ' '
}

# Those of the groups in which something still lives; what only waits to be reaped does not.
alive() {
    ps -e -o pgid=,stat= | awk -v groups="$1" '
        BEGIN { split(groups, each, " "); for (i in each) wanted[each[i]] }
        $1 in wanted && $2 !~ /^Z/ { print $1 }' | sort -nu | tr '\n' ' '
}

memory() {
    local pid
    for pid in $(tree "$running"); do
        ps -o rss=,args= -p "$pid" || true
    done | awk '
        {
            rss = $1; $1 = ""; sub(/^ +/, ""); gsub(/[^ ]*\//, "")
            total += rss
            printf "  %6.0f MB  %s\n", rss / 1024, substr($0, 1, 80)
        }
        END { printf "  %6.0f MB  together\n", total / 1024 }'
}

# -- asking ----------------------------------------------------------------------------------------------------------

web() {
    curl --silent --fail --noproxy '*' --max-time 5 "$@"
}

has_answer() {
    [ -n "$(answer_text)" ]
}

answer_text() {
    web "$chat_url" | python3 -c '
import json, sys
print("\n".join(m["text"] for m in json.load(sys.stdin)["messages"] if m["from"] == "business"))'
}

field() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# Ask again until it is so; give up when the time is over or what was started has ended.
until_true() {
    local seconds=$1 what=$2 ends=$((SECONDS + $1))
    shift 2
    until "$@" >/dev/null 2>&1; do
        kill -0 "$running" 2>/dev/null || fail "make run ended before $what answered; its last words are above."
        [ $SECONDS -lt $ends ] || fail "Not within $seconds s: $what."
        sleep 0.2
    done
}

setting() {
    sed -n "s/^$1=//p" .env.example
}

need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || fail "$command is missing; install it first."
    done
}

need_free_ports() {
    local name port taken=""
    while IFS="=" read -r name port; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then taken="$taken $port ($name)"; fi
    done < <(grep -E '^[A-Z]+_PORT=' .env.example)
    [ -z "$taken" ] || fail "These ports are taken:$taken. Stop what holds them, then run this again."
}

say() {
    printf '→ %s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

main "$@"
