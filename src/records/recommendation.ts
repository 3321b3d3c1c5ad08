/** Why a run failed, as data: `failureText` makes the text of its record of it. */
export interface Failure {
  /** A sentence, or what introduces the problems. */
  readonly reason: string
  /** Where there are several. */
  readonly problems: readonly string[]
  /** What shows more than the failure says, such as the other rights that are missing. */
  readonly next?: string
}

/** What is recommended after a failure of which the doctor sees more. */
export function recommendingDoctor(scope: readonly string[]): string {
  const flag = scope.length === 0 ? '' : ` --scope ${scope.join(',')}`
  return `To see all that a run needs, and what is missing: npx gemini-key-audit doctor${flag}`
}

/** A failure as one text, problems a line each; what it recommends stands at its end. */
export function failureText({ reason, problems, next }: Failure): string {
  const lines = problems.map((problem) => `\n- ${problem}`).join('')
  const text = `${reason}${lines}`
  if (next === undefined) return text
  if (problems.length > 0) return `${text}\n${next}`
  return `${/[.!?]$/.test(text) ? text : `${text}.`} ${next}`
}
