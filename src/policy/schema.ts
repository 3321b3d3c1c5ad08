import type * as z from 'zod'
import { addDays } from '../calendar.js'
import { type Day, DEADLINE_STATUSES, GAP_KINDS } from '../model.js'
import { GOOGLE_DEADLINES } from './deadlines.js'
import {
  day,
  dayOrNone,
  end,
  FARTHEST,
  folder,
  gapSubject,
  isMapping,
  keyName,
  oneOf,
  page,
  project,
  rules,
  slackChannel,
  slackMember,
  wholeNumber,
  words,
} from './fields.js'
import { ASKED_FOR } from './hygiene.js'
import { byRule, type Rule } from './rules.js'
import { exactlyOne, field, list, mapping, table } from './schema-builders.js'
import { LOOK_BACK_DAYS } from './traffic-classes.js'

/** Whether a policy asks for a row of hygiene that nobody has to mind. */
const onOrOff = oneOf(['on', 'off'])

const owner = words('the name of an owner')
const places = { project: field(project).optional(), folder: field(folder).optional() }

/** A policy file as it was read, for the day from which the ends of its waivers are counted. */
export type PolicyFile = z.output<ReturnType<typeof policySchema>>

/** The shape of a policy file: names at every level, what each may hold, and what may not be said twice. */
export function policySchema(today: Day) {
  const decision = decisionSchema(addDays(today, FARTHEST))
  return mapping({
    deadlines: mapping(byRule((rule) => deadline(rule, decision).nullish())).nullish(),
    'dormant-days': field(wholeNumber(1, LOOK_BACK_DAYS)).nullish(),
    hygiene: mapping(Object.fromEntries(ASKED_FOR.map((id) => [id, field(onOrOff).nullish()]))).nullish(),
    exclude: list(exclusion(decision), subjectsOf).nullish(),
    exemptions: list(exemption(decision), (entry) => pairs(subjectsOf(entry), entry.rule)).nullish(),
    'known-gaps': list(knownGap(decision), (entry) => pairs([entry.subject], [entry.missing])).nullish(),
    owners: mapping({
      labels: list(field(words('the name of a project label')), (name) => [name]).nullish(),
      folders: table(folder, owner).nullish(),
      slack: table(owner, slackMember).nullish(),
    }).nullish(),
    routes: list(route, (entry) => pairs(subjectsOf(entry), [entry.channel])).nullish(),
    contact: field(words('where a key’s owner asks, such as a Slack channel or an address')).nullish(),
  })
}

/** Why something is waived, who approved it, and the last day on which it holds. */
function decisionSchema(latest: Day) {
  return {
    reason: field(words('a few words that say why')),
    'approved-by': field(words('who has approved it, such as ciso@example.com')),
    until: field(end(latest)),
  }
}

type Decision = ReturnType<typeof decisionSchema>

function exclusion(decision: Decision) {
  return exactlyOne(['project', 'folder'], mapping({ ...places, ...decision }))
}

function exemption(decision: Decision) {
  const shape = mapping({ key: field(keyName).optional(), ...places, rule: field(rules), ...decision })
  return exactlyOne(['key', 'project', 'folder'], shape)
}

function knownGap(decision: Decision) {
  return mapping({ subject: field(gapSubject), missing: field(oneOf(GAP_KINDS)), ...decision })
}

const route = exactlyOne(
  ['owner', 'folder', 'project'],
  mapping({ owner: field(owner).optional(), ...places, channel: field(slackChannel) }),
)

/** A moved deadline. When it runs out, no key may be better off than the day before. */
function deadline(rule: Rule, { until, ...approved }: Decision) {
  const shape = mapping({
    date: field(dayOrNone).optional(),
    precision: field(oneOf(['day', 'month'])).optional(),
    status: field(oneOf(DEADLINE_STATUSES)).optional(),
    source: field(page).optional(),
    checked: field(day).optional(),
    ...approved,
    until: until.optional(),
  })
  return shape.superRefine(
    ({ date, until: last, source, checked }, context) => {
      const wrong = (name: string, message: string) =>
        context.addIssue({ code: 'custom', path: [name], message })
      if (source !== undefined && checked === undefined) {
        wrong('checked', 'is missing; allowed: the day on which source was looked at, as YYYY-MM-DD')
      }
      if (endsTooEarly(date, last, GOOGLE_DEADLINES[rule].date)) {
        const why = 'since what is overdue by then would be due again until Google’s deadline'
        wrong('until', `is too early, ${why}; allowed: the day before that or a later one, or no until`)
      }
    },
    { when: ({ value }) => isMapping(value) },
  )
}

/** Neither of the first two need have been readable. */
function endsTooEarly(date: unknown, last: unknown, google: Day | 'none'): boolean {
  const [moved, end] = [day.read(date), day.read(last)]
  return moved !== undefined && end !== undefined && moved < google && addDays(end, 1) < google
}

interface Subjects {
  readonly key?: string | undefined
  readonly project?: string | undefined
  readonly folder?: string | undefined
  readonly owner?: string | undefined
}

function subjectsOf({ key, project, folder, owner }: Subjects): readonly string[] {
  return [key, project, folder, owner].filter((name) => typeof name === 'string')
}

/** What an entry speaks of, once the schema has seen that it speaks of exactly one thing. */
export function subjectOf(entry: Subjects): string {
  return subjectsOf(entry).join()
}

function pairs(subjects: readonly string[], details: unknown): readonly string[] {
  const second = Array.isArray(details) ? details : []
  return subjects.flatMap((subject) => second.map((detail) => `${subject} ${detail}`))
}
