import { gaxios } from 'google-auth-library'
import { CLOCK_SKEW, longDay } from '../calendar.js'
import type { GoogleClient } from '../google/client.js'
import type { Day } from '../model.js'
import type { Policy, Waiver } from '../policy/policy.js'
import { summarizeWaivers, waiversOf } from '../policy/waivers.js'
import { counted } from '../report/wording.js'
import type { Check, Site } from './check.js'
import { type Outcome, outcomeOf, troubled, untried, works } from './trial.js'

const ANYWHERE = 'https://cloudresourcemanager.googleapis.com'

/** Milliseconds for an answer. */
const TIME_LIMIT = 10_000

/**
 * What time it is at Google, to the second, in milliseconds since 1970: any answer carries it, a refusal as
 * well. Undefined where there is no answer with a date.
 */
async function timeAtGoogle({ connection: { rootUrl } }: GoogleClient): Promise<number | undefined> {
  const url = `${rootUrl ?? ANYWHERE}/`
  const request = {
    url,
    method: 'HEAD',
    timeout: TIME_LIMIT,
    retry: false,
    validateStatus: () => true,
    ...(rootUrl !== undefined && { noProxy: [rootUrl] }),
  } as const
  try {
    const { headers } = await new gaxios.Gaxios().request(request)
    const time = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(time) ? undefined : time
  } catch (error) {
    if (error instanceof gaxios.GaxiosError) return undefined
    throw error
  }
}

/** Seconds beyond which Cloud Logging stores no entry, and days are wrong. */
const FARTHEST = 86_400

/** The clock of this machine beside Google's. */
export const clock: Check = {
  call: 'clock',
  actor: 'process',
  covers: [],
  needs: 'The time of a run names it, and dates what it finds.',
  otherwise: 'More than a minute apart: a retry may count as another run. More than a day: the run fails.',
  isNeeded: () => true,
  try: async ({ google, now }) => {
    const before = Date.parse(now())
    const there = await timeAtGoogle(google)
    const here = (before + Date.parse(now())) / 2
    return [{ on: 'this machine', outcome: there === undefined ? unasked : apart((here - there) / 1000) }]
  },
}

const unasked = untried('no answer of Google’s said what time it is')

/** What it means that our clock is so many seconds ahead of Google's. */
export function apart(ahead: number): Outcome {
  const seconds = Math.round(Math.abs(ahead))
  const says = `${seconds.toLocaleString('en')} s ${ahead < 0 ? 'behind' : 'ahead of'} Google’s`
  const advice = { say: 'set the clock', command: 'timedatectl set-ntp true' }
  // Google's header knows no fractions
  if (seconds <= 1) return works('as Google’s')
  if (seconds <= CLOCK_SKEW) return works(says)
  return troubled(seconds > FARTHEST ? 'fails' : 'warning', says, advice)
}

/** The policy file, read as a run reads it. */
export const policy: Check = {
  call: 'policy',
  actor: 'process',
  covers: ['readPolicy'],
  needs: 'A run judges by it, reads it anew each time, and judges nothing without it.',
  otherwise: 'The run fails. What of it has run out or soon will is a warning.',
  isNeeded: () => true,
  try: async ({ plan, readPolicy, today }, found) => {
    const on = plan.policy ?? 'built-in'
    const outcome = await outcomeOf(async () => {
      found.policy = await readPolicy()
      return applied(found.policy, today)
    })
    return [{ on, outcome }]
  },
}

function applied(read: Policy, today: Day): Outcome {
  const waivers = waiversOf(read)
  // What a run finds a use for is its own matter
  const { ended, endingSoon } = summarizeWaivers(read, new Set(waivers), today)
  const holding = `${counted(waivers.length - ended.length, 'line')} in force`
  if (ended.length + endingSoon.length === 0)
    return works(waivers.length === 0 ? 'reads well' : `reads well, ${holding}`)
  const reasons = [
    ...ended.flatMap((waiver) => endText(waiver, 'ran out')),
    ...endingSoon.flatMap((waiver) => endText(waiver, 'ends')),
  ]
  return troubled('warning', reasons.join(', '), {
    say: 'have each approved anew with a later day, or take it out',
  })
}

function endText(waiver: Waiver, does: string): readonly string[] {
  return waiver.until === undefined ? [] : [`${nameOf(waiver)} ${does} on ${longDay(waiver.until)}`]
}

function nameOf(waiver: Waiver): string {
  const subject = waiver.kind === 'deadline' ? waiver.deadline.rule : waiver.subject
  return `the ${waiver.kind.replace('-', ' ')} of ${subject}`
}

/** What a run does without because nobody has configured it. */
export const configuration: Check = {
  call: 'configuration',
  actor: 'process',
  covers: [],
  needs: 'Where the news of a run goes, and whether it is remembered.',
  otherwise: 'A run goes well without it.',
  isNeeded: (site) => missing(site).length > 0,
  try: async (site) =>
    missing(site).map(({ on, says, say }) => ({ on, outcome: troubled('warning', says, { say }) })),
}

function missing({ slack, log, archive }: Site): readonly Readonly<Record<'on' | 'says' | 'say', string>>[] {
  return [
    slack === undefined && {
      on: 'SLACK_BOT_TOKEN',
      says: 'not set: no message is sent',
      say: 'set SLACK_BOT_TOKEN and SLACK_CHANNEL',
    },
    log === undefined && {
      on: 'LOG_PROJECT',
      says: 'none, or not known: no record is written',
      say: 'set LOG_PROJECT to the project of the records',
    },
    archive === undefined && {
      on: 'AUDIT_ARCHIVE',
      says: 'not set: nothing is compared with earlier runs, and a retry posts again',
      say: 'set AUDIT_ARCHIVE to gs://BUCKET/PREFIX',
    },
  ].filter((each) => each !== false)
}
