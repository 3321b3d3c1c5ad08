import { type Action, AFFECTED_VERDICTS } from '../model.js'
import { RULES, type Rule } from '../policy/rules.js'
import { hasStopped, trafficClass } from '../policy/traffic-classes.js'
import { strictestFinding } from './findings.js'
import { type KeyRecord, type RecordedFinding, trafficIn } from './key-record.js'
import { compareUrgency, type Urgency, urgencyOf } from './urgency.js'

/**
 * What traffic says of a key that has to change; each key is in exactly one of them.
 *
 * - `stopped`: worked, and stopped since the run before; where there is none, at any time that traffic shows
 * - `stopped-earlier`: the same, and the run before knew it
 * - `in-use`: accepted in the last 7 days
 * - `unused`: none of these
 * - `not-known`: its traffic could not be read
 */
const USES = ['stopped', 'stopped-earlier', 'in-use', 'unused', 'not-known'] as const
export type Use = (typeof USES)[number]

export type UseCounts = Readonly<Record<Use, number>>

/** The overdue, or the due, keys of which a rule is the strictest that asks something of them. */
export interface RuleShare {
  readonly rule: Rule
  readonly state: 'overdue' | 'due'
  readonly keys: number
  readonly projects: number
  /** The same keys by what their traffic says. */
  readonly uses: UseCounts
  /** Of the unused ones, those that worked in the window of traffic. */
  readonly usedEarlier: number
  /** Of those in use, those of which more calls are refused or fail than get through. */
  readonly partlyFailing: number
  /** Of all of them, those without API restriction. */
  readonly unrestricted: number
  /** Calendar days to the deadline, negative after it; the same for all of them. */
  readonly daysLeft: number
}

/** The keys that could not be judged. */
export interface Unjudged {
  readonly keys: number
  readonly uses: UseCounts
  /** Those of them that would be overdue as standard keys. */
  readonly overdueIfStandard: number
}

/** All that a digest says of the affected keys of a run, however many they are. */
export interface Affected {
  /** All of them: overdue, due, and those that could not be judged. */
  readonly count: number
  /** The most urgent ones, at most `MOST_NAMED`, in their order. */
  readonly worst: readonly KeyRecord[]
  /** The same of those that have changed since the run before. */
  readonly changed: readonly KeyRecord[]
  /** Of all of them, those whose owner is not known. */
  readonly ownerless: number
  /** Overdue and due keys, each once, under the strictest rule; the overdue ones first, then by rule. */
  readonly shares: readonly RuleShare[]
  readonly unjudged: Unjudged
  /** All of them by what has to be done; only what occurs. */
  readonly actions: Readonly<Partial<Record<Action, number>>>
  /** Of the keys that stopped working since the run before, the one that lost the most calls. */
  readonly largestStopped?: KeyRecord
  /** Of the overdue keys in use, the one with the most calls. */
  readonly mostUsed?: KeyRecord
  /** Auth keys that stopped working since the run before, beside the affected keys: no deadline explains it. */
  readonly authStopped: number
  /** Of these, the one that lost the most calls. */
  readonly largestAuthStopped?: KeyRecord
  /** Keys that an auth key probably replaces. */
  readonly replaced: number
  /** The most urgent ones of those with calls, at most `MOST_NAMED`, the ones first of which both keys' calls are known. */
  readonly handOvers: readonly KeyRecord[]
}

/** Keys that a message names one by one. */
export const MOST_NAMED = 10

/** Counts affected keys in any order. Memory grows with their projects, and not with them. */
export class AffectedCount {
  readonly #worst = new Worst()
  readonly #changed = new Worst()
  readonly #stopped = new Largest(callsLostAWeek)
  readonly #used = new Largest(callsLately)
  readonly #authStopped = new Largest(callsLostAWeek)
  readonly #handOvers = { known: new Worst(), unknown: new Worst() }
  readonly #shares = new Map<string, Share>()
  readonly #unjudged = { keys: 0, uses: noUses(), overdueIfStandard: 0 }
  readonly #actions: Partial<Record<Action, number>> = {}
  #count = 0
  #ownerless = 0
  #replaced = 0
  #authStops = 0

  /** Takes note of a key that no deadline affects: an auth key that stopped working is news as well. */
  beside(record: KeyRecord): void {
    if (record.verdict !== 'compliant' || useOf(record) !== 'stopped') return
    this.#authStops += 1
    this.#authStopped.add(record)
  }

  add(record: KeyRecord): void {
    const use = useOf(record)
    this.#count += 1
    this.#actions[record.remedy.action] = (this.#actions[record.remedy.action] ?? 0) + 1
    this.#ownerless += Number(record.key.project.owner === undefined)
    this.#worst.add(record)
    if (isChanged(record)) this.#changed.add(record)
    if (record.replacement !== undefined) this.#handOver(record, record.replacement)
    if (use === 'stopped') this.#stopped.add(record)
    const finding = strictestFinding(record)
    if (finding === undefined) {
      this.#unjudged.keys += 1
      this.#unjudged.uses[use] += 1
      this.#unjudged.overdueIfStandard += Number(record.ifStandard === 'overdue')
      return
    }
    if (use === 'in-use' && finding.state === 'overdue') this.#used.add(record)
    this.#share(finding).add(record, use)
  }

  get affected(): Affected {
    const { record: largestStopped } = this.#stopped
    const { record: mostUsed } = this.#used
    const { record: largestAuthStopped } = this.#authStopped
    return {
      count: this.#count,
      worst: this.#worst.records,
      changed: this.#changed.records,
      ownerless: this.#ownerless,
      shares: [...this.#shares.values()].map(({ share }) => share).sort(byStrictness),
      unjudged: structuredClone(this.#unjudged),
      actions: { ...this.#actions },
      ...(largestStopped && { largestStopped }),
      ...(mostUsed && { mostUsed }),
      authStopped: this.#authStops,
      ...(largestAuthStopped && { largestAuthStopped }),
      replaced: this.#replaced,
      handOvers: [...this.#handOvers.known.records, ...this.#handOvers.unknown.records].slice(0, MOST_NAMED),
    }
  }

  #handOver(record: KeyRecord, { calls }: NonNullable<KeyRecord['replacement']>): void {
    this.#replaced += 1
    if (calls === undefined) return
    const isKnown = calls.some(({ auth }) => auth !== undefined)
    this.#handOvers[isKnown ? 'known' : 'unknown'].add(record)
  }

  #share(finding: RecordedFinding): Share {
    const name = `${finding.rule} ${finding.state}`
    const share = this.#shares.get(name) ?? new Share(finding)
    this.#shares.set(name, share)
    return share
  }
}

/** The overdue and due keys by what their traffic says. */
export function usesOf({ shares }: Affected): UseCounts {
  const uses = noUses()
  for (const use of USES) for (const share of shares) uses[use] += share.uses[use]
  return uses
}

/** What the traffic of a key says, in as few classes as the news has. */
export function useOf(record: KeyRecord): Use {
  switch (trafficClass(trafficIn(record)).state) {
    case 'stopped':
      return isKnownStop(record) ? 'stopped-earlier' : 'stopped'
    case 'works':
      return 'in-use'
    case 'unknown':
      return 'not-known'
    case 'worked-earlier':
    case 'never-works':
    case 'calls-others':
    case 'not-called':
      return 'unused'
  }
}

/** Whether the run before knew that the key does not work; without a run before it is news. */
function isKnownStop({ change, previousTraffic }: KeyRecord): boolean {
  if (change === undefined || change === 'new') return false
  return previousTraffic === undefined || hasStopped(previousTraffic)
}

/** A key that stopped working is changed as well, whatever its verdict. */
export function isChanged(record: KeyRecord): boolean {
  const { change } = record
  if (change === undefined) return false
  return change !== 'same' || isNewlyStopped(record)
}

/** Whether an affected key stopped working since the run before. */
export function isNewlyStopped(record: KeyRecord): boolean {
  return AFFECTED_VERDICTS.includes(record.verdict) && useOf(record) === 'stopped'
}

/** The accepted calls of the last 7 days. */
export function callsLately({ usage }: Pick<KeyRecord, 'usage'>): number {
  return 'unknown' in usage ? 0 : usage.gemini.acceptedLately
}

/** The calls of a week that a key which stopped working had accepted until then. */
export function callsLostAWeek({ usage }: Pick<KeyRecord, 'usage'>): number {
  return 'unknown' in usage ? 0 : (usage.lostWeekly ?? 0)
}

function noUses(): Record<Use, number> {
  return { stopped: 0, 'stopped-earlier': 0, 'in-use': 0, unused: 0, 'not-known': 0 }
}

function byStrictness(one: RuleShare, other: RuleShare): number {
  return (
    Number(one.state === 'due') - Number(other.state === 'due') ||
    RULES.indexOf(one.rule) - RULES.indexOf(other.rule)
  )
}

class Share {
  readonly #finding: RecordedFinding
  readonly #projects = new Set<string>()
  readonly #uses = noUses()
  #keys = 0
  #usedEarlier = 0
  #partlyFailing = 0
  #unrestricted = 0

  constructor(finding: RecordedFinding) {
    this.#finding = finding
  }

  add(record: KeyRecord, use: Use): void {
    this.#keys += 1
    this.#projects.add(record.key.project.number)
    this.#uses[use] += 1
    this.#usedEarlier += Number(trafficClass(trafficIn(record)).state === 'worked-earlier')
    this.#partlyFailing += Number('partlyFailing' in record.usage)
    this.#unrestricted += Number(record.key.apiRestriction === 'none')
  }

  get share(): RuleShare {
    const { rule, state, daysLeft } = this.#finding
    return {
      rule,
      state,
      keys: this.#keys,
      projects: this.#projects.size,
      uses: { ...this.#uses },
      usedEarlier: this.#usedEarlier,
      partlyFailing: this.#partlyFailing,
      unrestricted: this.#unrestricted,
      daysLeft,
    }
  }
}

/** The record with the largest number of all that were added; of several the most urgent one. */
class Largest {
  readonly #numberOf: (record: KeyRecord) => number
  record: KeyRecord | undefined

  constructor(numberOf: (record: KeyRecord) => number) {
    this.#numberOf = numberOf
  }

  add(record: KeyRecord): void {
    if (this.record === undefined || this.#compare(record, this.record) < 0) this.record = record
  }

  #compare(one: KeyRecord, other: KeyRecord): number {
    return this.#numberOf(other) - this.#numberOf(one) || compareUrgency(urgencyOf(one), urgencyOf(other))
  }
}

/** The most urgent ones of all that were added. */
class Worst {
  readonly #found: { readonly urgency: Urgency; readonly record: KeyRecord }[] = []

  add(record: KeyRecord): void {
    const urgency = urgencyOf(record)
    const before = this.#found.findLastIndex((other) => compareUrgency(other.urgency, urgency) < 0)
    this.#found.splice(before + 1, 0, { urgency, record })
    if (this.#found.length > MOST_NAMED) this.#found.pop()
  }

  get records(): readonly KeyRecord[] {
    return this.#found.map(({ record }) => record)
  }
}
