import { secondsBetween } from '../calendar.js'
import type { Knowledge, LastJudgement } from '../memory/knowledge.js'
import type { Day, Instant, KeyFacts, Verdict } from '../model.js'
import { judge } from '../policy/judge.js'
import type { JudgedKey } from '../policy/judgement-types.js'
import type { Policy } from '../policy/policy.js'
import { byRule } from '../policy/rules.js'
import { rankOf } from '../records/fixes.js'
import type { Change, ChangeCause, KeyHistory } from '../records/key-record.js'
import type { RunPolicy } from '../records/run-policy.js'

/** The earlier run that a run is compared with, as far as keys are. */
export interface EarlierRun {
  readonly run: Instant
  readonly reading: Instant
  readonly deadlines: RunPolicy['deadlines']
  /** What the earlier run left out: `projects/ID`, `folders/N`. */
  readonly excluded: readonly string[]
}

/** What a key is compared in: this run's day and policy, and the run before. */
export interface Comparing {
  readonly run: Instant
  readonly asOf: Day
  readonly policy: Policy
  readonly earlier: EarlierRun
}

/** What has become of a key since it was last known. */
export function changeOf(
  judged: JudgedKey,
  known: Knowledge | undefined,
  comparing: Comparing,
): Required<Pick<KeyHistory, 'change'>> & KeyHistory {
  if (known === undefined) return { change: 'new', changeCause: causeOfNew(judged, comparing.earlier) }
  if (known.goneSince !== undefined) {
    return { change: 'new', changeCause: 'project', previousVerdict: known.verdict }
  }
  const { verdict } = judged.judgement
  const change = changeBetween(known, verdict)
  const previousVerdict = change === 'found' ? (known.last?.verdict ?? known.verdict) : known.verdict
  if (change === 'same') return { change, previousVerdict }
  return { change, changeCause: causeOf(change, judged, known, comparing), previousVerdict }
}

function changeBetween({ verdict: before }: Knowledge, now: Verdict): Exclude<Change, 'new' | 'gone'> {
  if (before === now) return 'same'
  if (now === 'unknown') return 'lost'
  if (before === 'unknown') return 'found'
  const difference = rankOf(now) - rankOf(before)
  return difference === 0 ? 'same' : difference < 0 ? 'worse' : 'better'
}

function causeOf(
  change: 'worse' | 'better' | 'lost' | 'found',
  judged: JudgedKey,
  { last }: Knowledge,
  comparing: Comparing,
): ChangeCause {
  if (change === 'lost' || last === undefined || last.verdict === judged.judgement.verdict) return 'coverage'
  return decidingStep(judged, last, comparing)
}

/** Seconds before a reading in which a key may have been made and still be missing in the asset inventory. */
const INVENTORY_LAG = 24 * 60 * 60

/** A key that is older than the last reading was there and not looked at, or not visible. */
function causeOfNew({ facts }: JudgedKey, { reading, excluded }: EarlierRun): ChangeCause {
  const { createTime } = facts.key
  const { id, number, ancestors } = facts.project
  if ([`projects/${id}`, `projects/${number}`, ...ancestors].some((name) => excluded.includes(name))) {
    return 'policy'
  }
  if (createTime === undefined) return 'coverage'
  return secondsBetween(createTime, reading) <= INVENTORY_LAG ? 'key' : 'coverage'
}

/** What a verdict is made from, by what each part is a matter of. */
interface Situation {
  readonly key: Pick<KeyFacts, 'type' | 'apiRestriction' | 'dormant'> & { readonly isDeleted: boolean }
  readonly access: KeyFacts['geminiAccess']
  readonly policy: Policy
  readonly day: Day
}

/**
 * Moves from what was known to what is, one part after the other, judges at each step, and names the last one
 * that changed the verdict. What no step explains is a change of this program's own rules: the policy.
 */
function decidingStep(
  judged: JudgedKey,
  last: LastJudgement,
  { earlier, policy, asOf }: Comparing,
): ChangeCause {
  const { facts } = judged
  const then = situationThen(facts, last, policy, earlier)
  const key = { ...partsOf(facts), isDeleted: facts.key.deleteTime !== undefined }
  const afterKey = { ...then, key, access: accessAfterKey(facts, last) }
  const afterProject = { ...afterKey, access: facts.geminiAccess }
  const afterPolicy = { ...afterProject, policy }
  const steps: readonly (readonly [ChangeCause, Situation])[] = [
    ['policy', then],
    ['key', afterKey],
    ['project', afterProject],
    ['policy', afterPolicy],
    ['calendar', { ...afterPolicy, day: asOf }],
  ]
  let verdict = last.verdict
  let cause: ChangeCause = 'policy'
  for (const [step, situation] of steps) {
    const next = verdictIn(situation, facts)
    if (next !== verdict) cause = step
    verdict = next
  }
  return cause
}

function partsOf({
  type,
  apiRestriction,
  dormant,
}: Omit<Situation['key'], 'isDeleted'>): Omit<Situation['key'], 'isDeleted'> {
  return { type, apiRestriction, dormant }
}

/** Access is the project's matter, except that a restriction to other APIs hides what the project allows. */
function accessAfterKey(facts: KeyFacts, last: LastJudgement): Situation['access'] {
  if (facts.apiRestriction === 'others-only') return 'no'
  return last.access === 'no' || last.access === 'unknown' ? facts.geminiAccess : last.access
}

function situationThen(
  facts: KeyFacts,
  last: LastJudgement,
  policy: Policy,
  { deadlines }: EarlierRun,
): Situation {
  const { exemption } = last
  const exemptions =
    exemption === undefined ? [] : [{ ...exemption, ...ANY_DECISION, subject: facts.key.name }]
  return {
    key: { ...partsOf(last), isDeleted: last.verdict === 'deleted' },
    access: last.access,
    policy: {
      ...policy,
      exemptions,
      deadlines: byRule((rule) => ({ ...policy.deadlines[rule], ...deadlines[rule] })),
    },
    day: last.on,
  }
}

const ANY_DECISION = { kind: 'exemption', reason: '', approvedBy: '' } as const

function verdictIn({ key: { isDeleted, ...key }, access, policy, day }: Situation, facts: KeyFacts): Verdict {
  const { deleteTime = facts.evidence.key.readAt, ...rest } = facts.key
  const then = { ...facts, ...key, geminiAccess: access, key: isDeleted ? { ...rest, deleteTime } : rest }
  return judge(then, policy, day).verdict
}
