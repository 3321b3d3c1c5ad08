import { parseDay } from '../calendar.js'
import { gsPathOf } from '../gs-path.js'
import type { Day } from '../model.js'

/** Says what is allowed, for a value that is not; the caller puts the option's name before it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Turns an option's text into its value, or throws a `Refusal` that never repeats a secret. */
export type OptionParser<Value> = (text: string) => Value

export const anyText: OptionParser<string> = (text) => text

export function oneOf<const Words extends readonly string[]>(...words: Words): OptionParser<Words[number]> {
  return (text) => {
    const found = words.find((word) => word === text)
    if (found === undefined) throw new Refusal(`must be one of ${words.join(', ')}`)
    return found
  }
}

export function matching(pattern: RegExp, allowed: string): OptionParser<string> {
  return (text) => {
    if (!pattern.test(text)) throw new Refusal(`must be ${allowed}`)
    return text
  }
}

const SCOPE =
  /^(organizations\/\d+|folders\/\d+|projects\/(\d+|([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]))$/

/** A comma-separated list of scopes, at least one, without repetition. */
export const scopes: OptionParser<readonly string[]> = (text) => {
  const parts = text.split(',').map((part) => part.trim())
  if (!parts.every((part) => SCOPE.test(part))) {
    throw new Refusal('must be organizations/NUMBER, folders/NUMBER or projects/ID, comma-separated')
  }
  return [...new Set(parts)]
}

export const calendarDay: OptionParser<Day> = (text) => {
  const day = parseDay(text)
  if (day === undefined) throw new Refusal('must be a calendar day, YYYY-MM-DD')
  return day
}

export const timeZone: OptionParser<string> = (text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch (error) {
    throw new Refusal('must be an IANA time zone such as UTC or Europe/Zurich', { cause: error })
  }
}

const MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A time in milliseconds; nothing if the text is none, or longer than so many days. */
function milliseconds(text: string, mostDays: number): number | undefined {
  const match = /^([1-9]\d{0,6})([smhd])$/.exec(text)
  if (match === null) return undefined
  const length = Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]
  return length <= mostDays * MILLISECONDS.d ? length : undefined
}

/**
 * A duration such as `90s`, `25m` or `1h`, in milliseconds: at most 24 hours, which is longer than any platform lets
 * a run last, and within what Node's timers can count.
 */
export const duration: OptionParser<number> = (text) => {
  const length = milliseconds(text, 1)
  if (length === undefined) {
    throw new Refusal('must be a whole number of seconds, minutes or hours, at most 24 hours: 90s, 25m, 1h')
  }
  return length
}

/** The time from one run to the next, such as `26h`, in milliseconds: at most 31 days, for an audit once a month. */
export const interval: OptionParser<number> = (text) => {
  const length = milliseconds(text, 31)
  if (length === undefined) {
    throw new Refusal('must be a whole number of hours, days or less, at most 31 days: 90m, 26h, 8d')
  }
  return length
}

/** A time such as `10s`, in milliseconds: at most a minute, since people wait for what is held back. */
export const shortTime: OptionParser<number> = (text) => {
  const length = milliseconds(text, 1)
  if (length === undefined || length > MILLISECONDS.m) {
    throw new Refusal('must be a whole number of seconds, at most 60: 10s')
  }
  return length
}

/** A percentage from 1 to 100, or `off`. */
export const pace: OptionParser<number | 'off'> = (text) => {
  if (text === 'off') return text
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (!(percent >= 1 && percent <= 100)) throw new Refusal('must be a whole number from 1 to 100, or off')
  return percent
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a URL leads to this machine. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.has(new URL(url).hostname)
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch (error) {
    throw new Refusal('must be a URL', { cause: error })
  }
}

/** An origin on this machine, such as `http://127.0.0.1:8085`, without a closing slash. */
export const loopbackOrigin: OptionParser<string> = (text) => {
  const url = parseUrl(text)
  const bare = url.origin === text || `${url.origin}/` === text
  if (!LOOPBACK.has(url.hostname) || !/^https?:$/.test(url.protocol) || !bare) {
    throw new Refusal(
      'must be an origin on this machine, such as http://127.0.0.1:8085: it is for the simulator',
    )
  }
  return url.origin
}

const SLACK_HOSTS = /(^|\.)(slack\.com|slack-gov\.com)$/

/** Slack's own API, or loopback for the simulator; ends with `/api/`. */
export const slackApiUrl: OptionParser<string> = (text) => {
  const url = parseUrl(text)
  const slack = url.protocol === 'https:' && SLACK_HOSTS.test(url.hostname) && url.port === ''
  const simulated = /^https?:$/.test(url.protocol) && LOOPBACK.has(url.hostname)
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!(slack || simulated) || !plain || !url.pathname.endsWith('/api/')) {
    throw new Refusal(
      "must end with /api/ on Slack's own hosts (slack.com, slack-gov.com) or on this machine",
    )
  }
  return url.href
}

/** The form alone; whether Slack accepts it is seen when it is used. */
export const slackBotToken: OptionParser<string> = (text) => {
  if (!/^xoxb-[A-Za-z0-9-]+$/.test(text)) {
    throw new Refusal('must be a bot token: xoxb-, then letters, digits and hyphens, nothing before or after')
  }
  return text
}

function isBucketPlace(text: string): boolean {
  return gsPathOf(text) !== undefined && !/[\r\n]/.test(text)
}

/** A directory of this machine, or a bucket of Cloud Storage with a prefix or without. */
export const archivePlace: OptionParser<string> = (text) => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !isBucketPlace(text)) {
    throw new Refusal('must be a directory or gs://BUCKET/PREFIX')
  }
  return text
}

/** A bucket of Cloud Storage with a prefix or without, without a slash at its end. */
export const exportPlace: OptionParser<string> = (text) => {
  if (!isBucketPlace(text)) throw new Refusal('must be gs://BUCKET/PREFIX')
  return text.replace(/\/+$/, '')
}
