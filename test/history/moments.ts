import type { Baseline } from '../../src/history/comparison.js'
import { type Knowledge, knowledgeOf } from '../../src/memory/knowledge.js'
import { KnownKeys } from '../../src/memory/known-keys.js'
import type { Day, Instant, Key, KeyFacts, Project, Run } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { judge } from '../../src/policy/judge.js'
import type { JudgedKey } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Policy } from '../../src/policy/policy.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { keyRecord } from '../../src/records/key-record.js'
import { runPolicy } from '../../src/records/run-policy.js'
import { day, FACTS, instant, judged, NO_WAIVERS, RUN, runOf } from '../report/samples.js'

/** A key as one run saw it: its facts, by which policy, on which day. */
export interface Moment {
  readonly facts: KeyFacts
  readonly policy: Policy
  readonly on: Day
}

export interface Circumstance extends Partial<Omit<KeyFacts, 'key' | 'project'>> {
  readonly key?: Partial<Key>
  readonly project?: Partial<Project>
  readonly on?: string
  readonly policy?: Partial<Policy>
  /** The date of the rule `standard-key`; the rule `unrestricted-key` is off, so that one date decides. */
  readonly deadline?: string
  /** Last day of an exemption from every rule. */
  readonly exemptUntil?: string
}

/** An unrestricted standard key on November 23, with one deadline that is ahead, and what differs. */
export function moment({
  on = RUN.asOf,
  deadline = '2026-12-31',
  exemptUntil,
  ...rest
}: Circumstance = {}): Moment {
  const { key, project, policy, ...facts } = rest
  const off = { ...GOOGLE_DEADLINES['unrestricted-key'], date: 'none' as const }
  const exemption = {
    kind: 'exemption' as const,
    subject: FACTS.key.name,
    rules: ['standard-key' as const],
    until: day(exemptUntil ?? '2026-01-01'),
    reason: 'vendor',
    approvedBy: 'ciso@example.com',
  }
  return {
    facts: {
      ...FACTS,
      dormant: false,
      ...facts,
      key: { ...FACTS.key, ...key },
      project: { ...FACTS.project, ...project },
    },
    policy: {
      ...builtInPolicy(),
      exemptions: exemptUntil === undefined ? [] : [exemption],
      deadlines: {
        ...GOOGLE_DEADLINES,
        'dormant-key': off,
        'unrestricted-key': off,
        'standard-key': { ...GOOGLE_DEADLINES['standard-key'], date: day(deadline) },
      },
      ...policy,
    },
    on: day(on),
  }
}

export function judgedAt({ facts, policy, on }: Moment): JudgedKey {
  return judged({ facts, judgement: judge(facts, policy, on) })
}

export function runAtMoment({ on }: Moment, time = `${on}T07:00:00Z`): Run {
  return { ...RUN, asOf: on, time: instant(time), reading: instant(time) }
}

/** What is known of a key after a moment. */
export function knownAt(at: Moment, earlier?: Knowledge, time?: Instant): Knowledge {
  const run = runAtMoment(at, time)
  const key = judgedAt(at)
  const { verdict } = key.judgement
  const history = {
    firstSeen: earlier?.firstSeen ?? run.time,
    ...(verdict === 'overdue' ? { overdueSince: earlier?.overdueSince ?? at.on } : {}),
  }
  return knowledgeOf(keyRecord(key, run, history), earlier)
}

/** A run at a moment, after which these keys were known. */
export function baselineAt(at: Moment, knowledge: readonly Knowledge[]): Baseline {
  const run = runAtMoment(at)
  const policy = runPolicy(at.policy, { ...NO_WAIVERS, holding: at.policy.exclude })
  const record = runOf([], [], { run, policy })
  return {
    record,
    sha256: sha256(canonical(record)),
    knowledge: KnownKeys.of(knowledge),
  }
}
