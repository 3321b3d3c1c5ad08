import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from './matrix.js'
import { MARK } from './organization.js'
import type { Heard } from './run.js'

/** Bytes of one answer: Slack's may have 32 MiB, others less; what lies in a socket comes on top. */
const MOST = 48 * 2 ** 20

interface Allowances {
  /** Bytes of one answer. */
  readonly most?: number | undefined
  /** Keys of which the services have said something else, so that any verdict may be right, by ID. */
  readonly changed?: ReadonlySet<string>
}

/**
 * What a run with a fault came to, beside the same run without it. Throws where it is none of the outcomes:
 * a wrong verdict, something missing without a word, a secret, a fault of the program.
 */
export function outcomeOf(found: Heard, baseline: Heard, { most = MOST, changed }: Allowances = {}): Outcome {
  const [heard, undisturbed] = [found, baseline].map((each) => without(each, changed ?? NONE, baseline)) as [
    Heard,
    Heard,
  ]
  assert.doesNotMatch(heard.everything, /fault of (its own|the program)/)
  assert.equal(heard.everything.indexOf(MARK), -1, `a secret: ${aroundMark(heard.everything)}`)
  assert.ok(heard.mostTaken < most, `${heard.mostTaken} bytes of one answer were taken`)
  if (heard.status === 200) return heardOutcome(heard, undisturbed)
  assert.equal(heard.status, 500)
  assert.match(heard.body.error, /\S/)
  assert.equal(typeof heard.body.retry, 'boolean')
  return isFailed(heard) ? failed(heard) : undelivered(heard, undisturbed)
}

function heardOutcome(heard: Heard, undisturbed: Heard): Outcome {
  const { coverage, outcome } = heard.body
  assert.equal(heard.runs.length, 1)
  assert.deepEqual(heard.runs[0], heard.body)
  assert.equal(heard.digests.length, 1)
  const gaps = Object.values<number>(coverage.gaps).reduce((sum, count) => sum + count, 0)
  assert.equal(gaps > 0, heard.gaps.length > 0)
  if (outcome === 'incomplete') return incomplete(heard, undisturbed, coverage.gaps)
  assert.deepEqual(heard.verdicts, undisturbed.verdicts)
  assert.equal(heard.files, undisturbed.files)
  return gaps === 0 && isDeepStrictEqual(remarksOf(coverage), remarksOf(undisturbed.body.coverage))
    ? 'same'
    : 'note'
}

/** What a run says of its reading besides its gaps. */
function remarksOf({ reading = [], inheritedServices }: Readonly<Record<string, unknown>>) {
  return { reading, inheritedServices }
}

function incomplete(heard: Heard, undisturbed: Heard, gaps: Readonly<Record<string, number>>): Outcome {
  assert.match(heard.digests[0] ?? '', /incomplete/i)
  assertJudgedAlike(heard, undisturbed)
  const names = Object.keys(undisturbed.verdicts)
  const missing = names.filter((name) => !(name in heard.verdicts))
  assert.ok(missing.length === 0 || (gaps['projects'] ?? 0) + (gaps['keys'] ?? 0) > 0, `without ${missing}`)
  for (const name of names) {
    const isLost = heard.verdicts[name] !== undisturbed.verdicts[name]
    assert.ok(!isLost || isCovered(undisturbed.places[name] ?? [], heard), `nothing is said of ${name}`)
  }
  return 'gap'
}

/** Whether a gap names one of these places. */
function isCovered(places: readonly string[], { gaps }: Heard): boolean {
  return gaps.some(({ subjects }) => subjects.some((subject: string) => places.includes(subject)))
}

/** The same without what is told of some keys, which may have another name now. */
function without(heard: Heard, keys: ReadonlySet<string>, known: Heard): Heard {
  const isTold = (name: string) => !keys.has(name) && (keys.size === 0 || Object.hasOwn(known.verdicts, name))
  const verdicts = Object.entries(heard.verdicts).filter(([name]) => isTold(name))
  return { ...heard, verdicts: Object.fromEntries(verdicts), ...(keys.size > 0 && { files: 0 }) }
}

const NONE: ReadonlySet<string> = new Set()

/** No verdict but those of the undisturbed run and `unknown`. */
function assertJudgedAlike(heard: Heard, undisturbed: Heard): void {
  for (const [name, verdict] of Object.entries(heard.verdicts)) {
    assert.ok(verdict === 'unknown' || verdict === undisturbed.verdicts[name], `${name} is ${verdict}`)
  }
}

function isFailed({ runs, digests }: Heard): boolean {
  return runs.some(({ outcome }) => outcome === 'failed') || digests.some((text) => /failed/i.test(text))
}

/** It is heard once wherever it could be told. */
function failed({ verdicts, runs, digests }: Heard): Outcome {
  assert.deepEqual(verdicts, {})
  assert.ok(runs.length <= 1 && digests.length <= 1)
  return 'failed'
}

/** What did arrive is as it should be, and what is unknown is not told as known. */
function undelivered(heard: Heard, undisturbed: Heard): Outcome {
  assert.ok(heard.runs.length <= 1)
  assertJudgedAlike(heard, undisturbed)
  const isPartial = Object.values(heard.verdicts).includes('unknown')
  for (const run of heard.runs) assert.ok(!isPartial || run.outcome === 'incomplete')
  for (const text of heard.digests) assert.ok(!isPartial || /incomplete/i.test(text), text)
  return 'undelivered'
}

function aroundMark(text: string): string {
  const at = text.indexOf(MARK)
  return text.slice(Math.max(0, at - 80), at + 80)
}
