import { FAULTS as FAULT_TABLE, isFaultName } from '../simulator/gates/faults.js'
import { QUOTAS } from '../src/google/quotas.js'
import { RETRY_POLICY } from '../src/google/retry.js'
import {
  CELLS,
  FAULTS,
  type FaultColumn,
  OUTCOMES,
  PASSING,
  ROWS,
  type Row,
  type RowName,
} from '../test/faults/matrix.js'
import { markdownTable } from './markdown.js'

const SHORT: Readonly<Record<keyof typeof OUTCOMES, string>> = {
  same: '=',
  note: 'note',
  gap: 'gap',
  failed: '**failed**',
  untold: 'untold',
}

const rowNames = Object.keys(ROWS) as RowName[]
const faultNames = Object.keys(FAULTS) as FaultColumn[]

/** The rows of some calls against some faults; a fault that a call cannot meet is a dash. */
function matrix(faults: readonly FaultColumn[]): string {
  const rows = rowNames.flatMap((name) => {
    const { call, purpose }: Row = ROWS[name]
    const cells = faults.map((fault) => CELLS.find((cell) => cell.row === name && cell.fault === fault))
    if (cells.every((cell) => cell === undefined)) return []
    return [[`${purpose}: \`${call}\``, ...cells.map((cell) => (cell ? SHORT[cell.outcome] : '–'))]]
  })
  return markdownTable(['call', ...faults.map((fault) => `\`${fault}\``)], rows)
}

function says(fault: FaultColumn): string {
  const name = FAULTS[fault].split(',', 1)[0] ?? ''
  const told = isFaultName(name) ? FAULT_TABLE[name].says : ''
  return fault === '429-after' ? `${told}, and for longer than there is time` : told
}

/** docs/reliability.md: what a run does when something fails, with the matrix that the tests go by. */
export function reliabilityPage(): string {
  const { retries, first, longest, total } = RETRY_POLICY
  const wait = (milliseconds: number) => `${milliseconds / 1000} s`
  const slowest = Math.min(...Object.values(QUOTAS).map(({ perMinute }) => perMinute))
  return `# Reliability

Made from the tables of the tests (\`test/faults/matrix.ts\`), \`src/google/retry.ts\` and
\`simulator/gates/faults.ts\` by \`npm run docs\`.

## What is guaranteed

Whatever Google, Slack or the network between answer:

- A run ends. Every request has a time limit and its answer a size limit; reading ends with the time budget.
- A verdict is the one of the undisturbed run, or \`unknown\`. What could not be read is a gap with its reason, the
  run is incomplete, and the first line of the digest says so. Nothing that was not read is told as "none". (An
  exemption or exclusion by project ID or folder cannot be applied while the list of projects cannot be read: such
  keys are judged as if there were none, in a run that says that it is incomplete.)
- What was not delivered is told by whoever can still be reached, and the function answers 500, so that Cloud
  Scheduler tries again. With an archive the next attempt delivers what was judged first, once.
- No token and no key string is in anything that anybody gets, even where an answer holds one.

## How

- **Pacing.** The requests of a run share a queue for each quota of Google's (docs/rights.md), the smallest of
  ${slowest} requests a minute, and take \`AUDIT_PACE\` percent of it in any 60 seconds.
- **A quota that is used up** (429) closes its queue for the time that the answer asks for in \`Retry-After\` or
  \`RetryInfo\`, else for longer each time, up to ${wait(longest)}; other queues go on. While the time budget lasts
  nothing is given up for it. A quota of the day, or a wait that is longer than the time that is left, is told at
  once. \`Retry-After\` as a date is compared with the \`Date\` of the same answer, so that a wrong clock does no harm.
- **Failures that pass** (5xx, 408, resets, answers that break off or are no JSON) are tried again up to ${retries} times,
  after ${wait(first)} and twice as long each time, with jitter. The page is tried again, not the listing.
- **Silence.** A request that runs into its time limit is tried once more; an API that answers nothing at all is then
  left alone.
- **Answers are read at the border.** A 200 that is not what Google documents is a failure and no empty list; objects
  of Cloud Storage are compared with their checksums; an answer beyond its size limit is cut off, not held.
- **The time budget** (\`AUDIT_TIME_BUDGET\`) ends the reading, so that there is time to judge, remember and tell. Asking
  for what is beside the reading ends ${wait(total)} after it began to fail.
- **Slack** has no idempotency key: after an answer that was lost, the channel is looked through before the message is
  sent again.

## Faults that last

One fault for every request of a call, as long as the run lasts, in an organization with the usual kinds of keys.
What a run comes to:

${markdownTable(
  ['outcome', 'meaning'],
  Object.entries(OUTCOMES).map(([name, meaning]) => [SHORT[name as keyof typeof OUTCOMES], meaning]),
)}

With \`AUDIT_INVENTORY=auto\` what the asset inventory refuses is read project by project, and that is a note. Where
the audit remembers runs it does not go on without its archive: nobody could tell what was delivered already.

${matrix(faultNames.slice(0, 8))}

${matrix(faultNames.slice(8, 14))}

Of calls that answer in pages:

${matrix(faultNames.slice(14))}

The faults:

${markdownTable(
  ['fault', 'what happens'],
  faultNames.map((fault) => [`\`${fault}\``, says(fault)]),
)}

## Faults that pass

Each of these meets every call of a run at once, in each of the three ways of reading, and changes nothing: no
verdict, no gap, nothing delivered twice. Files for the thread are the exception: each is tried once in an attempt.

${Object.values(PASSING)
  .map((what) => `- ${what}`)
  .join('\n')}

Beside this table the tests let random faults meet random calls, by a seed that they print, and compare each run that
calls itself complete with the truth of the simulated world.

## Try it

\`gemini-key-audit simulate --fault RULE\` makes these faults on demand, \`--quota\` and \`--latency\` enforce what real
services do, and \`demo --fault RULE\` shows what everybody then hears:

\`\`\`sh
npx gemini-key-audit demo --fault cloudasset.assets.list=denied
npx gemini-key-audit demo --fault apikeys.keys.list=503@1-2,retry-after=1
npx gemini-key-audit simulate --quota --latency 100 --fault 'storage.objects.*=reset@10%' --seed 7
\`\`\`

\`gemini-key-audit simulate --help\` lists every fault and setting.
`
}
