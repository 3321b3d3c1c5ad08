import { daysBetween } from '../calendar.js'
import type { Day, Gap, Key, KeyFacts, Project } from '../model.js'
import type { Exclusion, Exemption, KnownGap, Policy, Waiver } from './policy.js'
import type { Rule } from './rules.js'

/** How many days before its end a waiver counts as ending soon. */
const SOON_DAYS = 14

/** The exclusion that leaves a project out on a day, or undefined when it is audited like any other. */
export function exclusionFor(policy: Policy, project: Project, asOf: Day): Exclusion | undefined {
  const subjects = projectSubjects(project)
  return policy.exclude.find((entry) => holds(entry, asOf) && subjects.includes(entry.subject))
}

/** The exemptions that hold on a day and cover a key, by whatever rule. */
export function exemptionsFor(facts: KeyFacts, policy: Policy, asOf: Day): readonly Exemption[] {
  if (policy.exemptions.length === 0) return []
  const subjects = [...keySubjects(facts.key, facts.project), ...projectSubjects(facts.project)]
  return policy.exemptions.filter((entry) => holds(entry, asOf) && subjects.includes(entry.subject))
}

/**
 * The known gap that a gap is, or undefined for an unexpected one, which makes a run incomplete. The project
 * of the gap, where the caller knows it, lets its ID and its folders match as well as its number.
 */
export function knownGapFor(policy: Policy, gap: Gap, asOf: Day, project?: Project): KnownGap | undefined {
  const subjects = [gap.subject, ...parentsOf(gap.subject), ...(project ? projectSubjects(project) : [])]
  return policy.knownGaps.find(
    (entry) => entry.missing === gap.missing && holds(entry, asOf) && subjects.includes(entry.subject),
  )
}

/** The findings of a key that no exemption of it covers. */
export function notExempt<Finding extends { readonly rule: Rule }>(
  findings: readonly Finding[],
  exemption: Pick<Exemption, 'rules'> | undefined,
): readonly Finding[] {
  return findings.filter(({ rule }) => exemption?.rules.includes(rule) !== true)
}

/** How a waiver stands on a day. `unmatched`: it holds, and there is nothing for which it is needed. */
export type WaiverState = 'holding' | 'endingSoon' | 'ended' | 'unmatched'

/**
 * All waivers of a policy by their state on a day, each in exactly one. `matched` holds those that the run
 * found a use for; a moved deadline needs none. An unmatched one counts as such even if it ends soon.
 */
export function summarizeWaivers(
  policy: Policy,
  matched: ReadonlySet<Waiver>,
  asOf: Day,
): Readonly<Record<WaiverState, readonly Waiver[]>> {
  const summary: Record<WaiverState, Waiver[]> = { holding: [], endingSoon: [], ended: [], unmatched: [] }
  for (const waiver of waiversOf(policy)) summary[stateOf(waiver, matched, asOf)].push(waiver)
  return summary
}

/** All waivers of a policy. */
export function waiversOf(policy: Policy): readonly Waiver[] {
  return [...policy.overrides, ...policy.exclude, ...policy.exemptions, ...policy.knownGaps]
}

function stateOf(waiver: Waiver, matched: ReadonlySet<Waiver>, asOf: Day): WaiverState {
  if (!holds(waiver, asOf)) return 'ended'
  if (waiver.kind !== 'deadline' && !matched.has(waiver)) return 'unmatched'
  return waiver.until !== undefined && daysBetween(asOf, waiver.until) <= SOON_DAYS ? 'endingSoon' : 'holding'
}

/** Whether a waiver holds on a day: until its last day, that day included. */
function holds(waiver: { readonly until?: Day }, asOf: Day): boolean {
  return waiver.until === undefined || asOf <= waiver.until
}

function projectSubjects({ id, number, ancestors }: Project): readonly string[] {
  return [`projects/${id}`, `projects/${number}`, ...ancestors]
}

/** The names under which a policy may speak of a key: with the project's number, and with its ID. */
function keySubjects({ name }: Key, { id }: Project): readonly string[] {
  return [name, name.replace(/^projects\/[^/]+/, () => `projects/${id}`)]
}

function parentsOf(subject: string): readonly string[] {
  const holder = holderOf(subject)
  return holder === subject ? [] : [holder]
}

/** `projects/123` for the name of a key or another resource in it, and for its own. */
export function holderOf(name: string): string {
  return name.split('/').slice(0, 2).join('/')
}
