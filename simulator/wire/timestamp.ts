const RFC_3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/

/** Whether a text is a time as Google takes it: RFC 3339 with a zone, of a day that the calendar has. */
export function isTimestamp(text: string): boolean {
  const [, seconds] = RFC_3339.exec(text) ?? []
  if (seconds === undefined || Number.isNaN(Date.parse(text))) return false
  return new Date(`${seconds}Z`).toISOString().startsWith(seconds.slice(0, 10))
}

/** A moment as Google's printer writes it: in UTC, without a fraction where that is zero. */
export function timestampOf(moment: Date): string {
  return moment.toISOString().replace('.000Z', 'Z')
}

/** A time as Google's printer writes it: in UTC, the fraction with none, three, six or nine digits. */
export function printed(text: string): string {
  const [, seconds, fraction = '', zone] = RFC_3339.exec(text) ?? []
  if (seconds === undefined) return text
  const whole = new Date(Date.parse(`${seconds}${zone}`)).toISOString().slice(0, 19)
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? `${whole}Z` : `${whole}.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}Z`
}
