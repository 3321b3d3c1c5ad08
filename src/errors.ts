/** What tokens, key strings and passwords in URLs look like; the part that is kept says what stood there. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?<![a-z])(xox[a-z]|xapp)-[^\s"',]*/gi, '$1-…'],
  [/(?<![A-Za-z])(AIza|AQ\.|ya29\.|ghp_|GOCSPX-)[\w.-]{6,}/g, '$1…'],
  [/\b(Bearer|Basic) [\w.~+/=-]+/gi, '$1 …'],
  [/(:\/\/)[^\s"/@]*@/g, '$1…@'],
  [/(:\/\/[^\s"?#]*[?#])[^\s"]+/g, '$1…'],
]

/** The text without anything that looks like a secret: values are often put into the wrong variable. */
export function redacted(text: string): string {
  return SECRETS.reduce((shown, [pattern, kept]) => shown.replace(pattern, kept), text)
}

/** Too long and too random for a word: a token in base64, or in a form that nobody has thought of. */
const OPAQUE = /(?=[\w+/=%.~-]*\d)(?=[\w+/=%.~-]*[A-Z])(?=[\w+/=%.~-]*[a-z])[\w+/=%~]{32,}[\w+/=%.~-]*/g

/** A server's own words, as they may be told: nothing in them is, or may be, a secret that it repeats. */
export function redactedWords(text: string): string {
  return redacted(text).replace(OPAQUE, '…')
}

/**
 * What the operator has to change before a run can start: every problem at once, none with a secret.
 * Answers exit status 2 on the command line and 500 from the function.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const shown = problems.map(redacted)
    super(shown.length === 1 ? `${shown[0]}` : `${shown.length} problems:\n- ${shown.join('\n- ')}`)
    this.problems = shown
  }
}
