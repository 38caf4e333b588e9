/** How a model's folder is looked at and fetched, from `$MODEL_FROM` to `$MODEL_INTO`. */
const clients = {
  gcs: `look() { gcloud storage ls "$MODEL_FROM/"; }
fetch() { gcloud storage rsync --recursive --checksums-only --verbosity=error "$MODEL_FROM" "$MODEL_INTO"; }
tidy() { :; }`,
  // A client that was killed leaves files with such ends, which no later one takes up.
  s3: `look() { aws s3 ls $MODEL_CLIENT_OPTIONS "$MODEL_FROM/"; }
fetch() { aws s3 sync $MODEL_CLIENT_OPTIONS --only-show-errors "$MODEL_FROM" "$MODEL_INTO"; }
hex='[0-9A-Fa-f]'
tidy() { ends="$1/*.$hex$hex$hex$hex$hex$hex$hex$hex"; for each in $ends; do [ ! -f "$each" ] || rm -f "$each"; done; }`,
} as const;

export type CopyClient = keyof typeof clients;

export interface CopyScriptArgs {
  readonly client: CopyClient;
  /** Whether several pods copy into the same folder. */
  readonly shared: boolean;
  /** How often a refusal or a broken line is borne. A right that was just granted takes a minute or two to be heeded. */
  readonly tries?: number;
  readonly pauseSeconds?: number;
}

/** Only one pod copies at a time. It shows every few seconds that it is still there; else the next one goes on. */
function lock(pauseSeconds: number): string {
  const beatSeconds = Math.min(5, pauseSeconds);
  return `lock="$marker.lock"
seen= still=0
until mkdir "$lock" 2>/dev/null; do
  if ! [ -d "$lock" ]; then
    if mkdir "$lock" 2>/dev/null; then break; fi
    [ -d "$lock" ] || fail "nothing can be written to $parent, where the model is to be: is the volume full, or not this user's?"
  fi
  beat=$(cat "$lock/beat" 2>/dev/null)
  if [ "$beat" = "$seen" ]; then still=$((still + 1)); else seen=$beat still=0; fi
  if [ "$still" -ge 6 ]; then say "the pod that copied is gone; its work is taken up"; rm -rf "$lock"; still=0; continue; fi
  say "another pod is copying it"
  pause ${beatSeconds}
done
(n=0; while :; do n=$((n + 1)); echo "\${HOSTNAME:-pod} $n" >"$lock/beat"; sleep ${beatSeconds}; done) >/dev/null 2>&1 &
beater=$!
trap 'kill "$beater" 2>/dev/null; rm -rf "$lock"' EXIT
`;
}

/**
 * What copies a model, for `/bin/sh -c`, with nothing but a shell, coreutils and the client. It reads:
 *
 * - `MODEL_FROM`: the folder in the bucket, as the client calls it, without a slash at its end.
 * - `MODEL_INTO`: the folder to copy it into. Beside it, `<folder>.sha256` lists the files and their sums; it is written
 *   last, so that a model with a list is whole. A model that is there is checked by its list, and broken files are fetched
 *   again.
 * - `MODEL_SHA256`: the sum of that list; empty for any.
 * - `MODEL_CLIENT_OPTIONS`: for the client.
 *
 * What the client has fetched stays, and is not fetched again after a stop. Each way to fail has a message of its own, the
 * last one of the log, which the pod's status then shows.
 */
export function copyScript({ client, shared, tries = 10, pauseSeconds = 15 }: CopyScriptArgs): string {
  return `set -u
marker="$MODEL_INTO.sha256"
parent=\${MODEL_INTO%/*}
log=$(mktemp) || exit 1
listing=$(mktemp) || exit 1
say() { echo "model: $*"; }
fail() { echo "model: $*" >&2; exit 1; }
# A shell heeds signals between its commands only, so it waits for what takes long.
run() { "$@" >"$listing" 2>"$log" & child=$!; wait "$child"; }
pause() { sleep "$1" & child=$!; wait "$child"; }
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 143' TERM INT
${clients[client]}
each_folder() {
  "$1" "$2" || return 1
  for inside in "$2"/* "$2"/.[!.]*; do
    if [ -d "$inside" ]; then (each_folder "$1" "$inside") || return 1; fi
  done
}
sums_in() {
  for file in "$1"/* "$1"/.[!.]*; do
    if [ -f "$file" ]; then sha256sum "$file" || return 1; fi
  done
}
sums() { (cd "$MODEL_INTO" && each_folder sums_in . >"$listing" && LC_ALL=C sort "$listing"); }
sum_of() { sum=$(sha256sum <"$1"); echo "\${sum%% *}"; }

mkdir -p "$MODEL_INTO" 2>"$log" && [ -w "$MODEL_INTO" ] ||
  fail "nothing can be written to $MODEL_INTO: is the volume full, or not this user's? $(cat "$log")"
${shared ? lock(pauseSeconds) : ""}
if [ -f "$marker" ]; then
  if (cd "$MODEL_INTO" && LC_ALL=C sha256sum -c "$marker") >"$listing" 2>/dev/null; then
    # Others may serve what is there, and it is what its list says.
    [ -z "$MODEL_SHA256" ] || [ "$(sum_of "$marker")" = "$MODEL_SHA256" ] ||
      fail "the sum of what is in $MODEL_INTO already is $(sum_of "$marker"); expected: $MODEL_SHA256, or that folder removed"
    say "$MODEL_INTO is there, and whole"
    exit 0
  fi
  while IFS= read -r line; do
    case "$line" in
      *": FAILED"*) say "\${line%%: FAILED*} is broken, and fetched again"; rm -f "$MODEL_INTO/\${line%%: FAILED*}" ;;
    esac
  done <"$listing"
  rm -f "$marker"
fi

nothing_there="there is nothing in $MODEL_FROM; allowed: the id of a run that logged a model there (runId, prefix, path)"
# Whether it makes sense to try again.
explain() {
  problem=$(tail -n 12 "$log" | tr -s '\\n' ' ')
  problem=\${problem# } problem=\${problem% }
  case "$(cat "$log")" in
    *[Nn]"o space left on device"* | *"isk quota exceeded"*)
      fail "the volume at $MODEL_INTO is full; needed: a larger one. $problem" ;;
    *"HTTPError 404"* | *"(404)"* | *"matched no objects"* | *NoSuchBucket* | *NoSuchKey* | *"bucket does not exist"*)
      fail "$nothing_there. $problem" ;;
    *"HTTPError 403"* | *"(403)"* | *AccessDenied* | *"does not have permission"* | *"active account"* | *storage.objects* | *InvalidAccessKeyId* | *SignatureDoesNotMatch*)
      problem="the pod may not read $MODEL_FROM, or there is no such bucket; needed: the right to list and read its objects. $problem" ;;
    *) problem="the copy from $MODEL_FROM broke off. $problem" ;;
  esac
}
copy() {
  run look
  looked=$?
  if [ -s "$log" ] && [ "$looked" -ne 0 ]; then explain; return 1; fi
  [ -s "$listing" ] || fail "$nothing_there"
  each_folder tidy "$MODEL_INTO"
  run fetch || { explain; return 1; }
  sums >"$marker.new" 2>"$log" || { explain; return 1; }
  [ -s "$marker.new" ] || fail "$nothing_there"
  if [ -n "$MODEL_SHA256" ] && [ "$(sum_of "$marker.new")" != "$MODEL_SHA256" ]; then
    problem="the model's sum is $(sum_of "$marker.new"); expected: $MODEL_SHA256. What was copied is thrown away"
    rm -rf "$MODEL_INTO" "$marker.new"
    mkdir -p "$MODEL_INTO"
    return 1
  fi
}
say "copying $MODEL_FROM to $MODEL_INTO"
try=1
until copy; do
  [ "$try" -lt ${tries} ] || fail "$problem"
  try=$((try + 1))
  say "$problem"
  say "try $try of ${tries} is in ${pauseSeconds} s"
  pause ${pauseSeconds}
done
mv "$marker.new" "$marker" || fail "the volume at $MODEL_INTO is full; needed: a larger one"
say "$MODEL_INTO is whole; its sum is $(sum_of "$marker")"
`;
}

/**
 * What looks for a model that is mounted, by the server's own image, and reads it into the cache on request. Its arguments
 * are the folder, where it is in the bucket, and `prefetch` or nothing.
 */
export const checkScript = `found=$(ls -A "$0" 2>&1) || { echo "model: $1 cannot be read: $found" >&2; exit 1; }
[ -n "$found" ] || {
  echo "model: there is nothing in $1; allowed: the id of a run that logged a model there (runId, prefix, path)" >&2
  exit 1
}
read_all() {
  for each in "$1"/* "$1"/.[!.]*; do
    if [ -d "$each" ]; then (read_all "$each"); elif [ -f "$each" ]; then cat "$each" >/dev/null || exit 1; fi
  done
}
[ "\${2:-}" != prefetch ] || read_all "$0" || { echo "model: $1 could not be read to its end" >&2; exit 1; }
echo "model: $1 is at $0"
`;
