import { createHash } from 'node:crypto'
import { ConfigError } from '../errors.js'
import type { Day } from '../model.js'
import { deadlinesOn, GOOGLE_DEADLINES } from './deadlines.js'
import { readDocument } from './document.js'
import { ASKED_FOR } from './hygiene.js'
import { builtInPolicy, type Decision, type Override, type Policy, type Route } from './policy.js'
import { RULES } from './rules.js'
import { type PolicyFile, policySchema, subjectOf } from './schema.js'

/**
 * The policy that a file holds on a day; an empty file is the built-in policy. `source` names the file in
 * messages. Waivers may end at most 366 days after `today`, which differs from `asOf` only where the day of
 * the audit was overridden. Throws ConfigError with every problem as `source:line: what, and what is allowed`.
 */
export function parsePolicy(text: string, source: string, asOf: Day, today: Day = asOf): Policy {
  const file = readFile(text, source, today)
  const overrides = overridesOf(file)
  const { dormantDays, owners } = builtInPolicy()
  return {
    source,
    text,
    sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
    deadlines: deadlinesOn(asOf, overrides),
    overrides,
    dormantDays: file['dormant-days'] ?? dormantDays,
    hygiene: ASKED_FOR.filter((id) => file.hygiene?.[id] === 'on'),
    exclude: (file.exclude ?? []).map((said) => ({
      kind: 'exclusion',
      subject: subjectOf(said),
      ...decided(said),
    })),
    exemptions: (file.exemptions ?? []).map((said) => ({
      kind: 'exemption',
      subject: subjectOf(said),
      rules: said.rule,
      ...decided(said),
    })),
    knownGaps: (file['known-gaps'] ?? []).map(({ subject, missing, ...said }) => ({
      kind: 'known-gap',
      subject,
      missing,
      ...decided(said),
    })),
    owners: {
      labels: file.owners?.labels ?? owners.labels,
      folders: file.owners?.folders ?? owners.folders,
      slack: file.owners?.slack ?? owners.slack,
    },
    routes: (file.routes ?? []).map(routeOf),
    ...(file.contact != null && { contact: file.contact }),
  }
}

type Said = Omit<Decision, 'approvedBy'> & { readonly 'approved-by': string }

function decided({ until, reason, 'approved-by': approvedBy }: Said): Decision {
  return { until, reason, approvedBy }
}

function routeOf(said: NonNullable<PolicyFile['routes']>[number]): Route {
  const by = said.owner !== undefined ? 'owner' : said.folder !== undefined ? 'folder' : 'project'
  return { by, subject: subjectOf(said), channel: said.channel }
}

/** What the file says of a deadline, and Google's words where it says nothing. */
function overridesOf(file: PolicyFile): readonly Override[] {
  return RULES.flatMap((rule) => {
    const said = file.deadlines?.[rule]
    if (said == null) return []
    const google = GOOGLE_DEADLINES[rule]
    const { reason, 'approved-by': approvedBy, until } = said
    const moved = { reason, approvedBy, ...(until && { until }) }
    const deadline = {
      rule,
      date: said.date ?? google.date,
      precision: said.precision ?? (said.date === undefined ? google.precision : 'day'),
      status: said.status ?? google.status,
      source: said.source ?? google.source,
      checked: said.checked ?? google.checked,
      note: google.note,
      moved,
    }
    return [{ kind: 'deadline', deadline, ...moved }]
  })
}

function readFile(text: string, source: string, today: Day): PolicyFile {
  const document = readDocument(text)
  if ('length' in document)
    throw new ConfigError(
      'POLICY_WRONG',
      document.map(({ line, what }) => `${source}:${line}: ${what}`),
    )
  const result = policySchema(today).safeParse(document.value ?? {})
  if (result.success) return result.data
  const problems = result.error.issues
    .map(({ path, message }) => ({ line: document.lineOf(path), what: `${spelled(path)} ${message}` }))
    .toSorted((a, b) => a.line - b.line)
  throw new ConfigError(
    'POLICY_WRONG',
    problems.map(({ line, what }) => `${source}:${line}: ${what}`),
  )
}

/** `exemptions[0].until`, or `the policy` for the document itself. */
function spelled(path: readonly PropertyKey[]): string {
  const [first = '', ...rest] = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`
    const name = String(part)
    return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
  })
  return [first.replace(/^\./, ''), ...rest].join('') || 'the policy'
}
