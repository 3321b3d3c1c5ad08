/** What tokens, key strings and passwords in URLs look like; the part that is kept says what stood there. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(xox[a-z]|xapp)-[^\s"',]*/gi, '$1-…'],
  [/\b(AIza|AQ\.|ya29\.|ghp_|GOCSPX-)[\w.-]{6,}/g, '$1…'],
  [/(:\/\/)[^\s"/@]*@/g, '$1…@'],
  [/(:\/\/[^\s"?#]*[?#])[^\s"]+/g, '$1…'],
]

/** The text without anything that looks like a secret: values are often put into the wrong variable. */
export function concealed(text: string): string {
  return SECRETS.reduce((shown, [pattern, kept]) => shown.replace(pattern, kept), text)
}

/**
 * What the operator has to change before a run can start: every problem at once, none with a secret.
 * Answers exit status 2 on the command line and 500 from the function.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const shown = problems.map(concealed)
    super(shown.length === 1 ? `${shown[0]}` : `${shown.length} problems:\n- ${shown.join('\n- ')}`)
    this.problems = shown
  }
}
