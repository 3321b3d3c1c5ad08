const RECOMMENDATION =
  /\s*(To see all that a run needs, and what is missing: npx gemini-key-audit doctor(?: --scope \S+)?)$/

/** The text of a failure of which the doctor sees more than it says, such as the other rights that are missing. */
export function recommendingDoctor(text: string, scope: readonly string[]): string {
  const flag = scope.length === 0 ? '' : ` --scope ${scope.join(',')}`
  return withEnd(text, `To see all that a run needs, and what is missing: npx gemini-key-audit doctor${flag}`)
}

/** The text of a failure without a recommendation at its end. */
export function withoutRecommendation(text: string): string {
  return text.replace(RECOMMENDATION, '')
}

/** The recommendation at the end of a failure's text; undefined where there is none. */
export function recommendationIn(text: string): string | undefined {
  return RECOMMENDATION.exec(text)?.[1]
}

/** The sentences of a failure in one text; what one of them recommends stands at its end, once. */
export function joined(sentences: readonly string[]): string {
  const text = sentences
    .map(withoutRecommendation)
    .filter((sentence) => sentence !== '')
    .join(' ')
  const recommendation = sentences.map(recommendationIn).find((found) => found !== undefined)
  return recommendation === undefined ? text : withEnd(text, recommendation)
}

function withEnd(text: string, end: string): string {
  if (text.includes('\n')) return `${text}\n${end}`
  return `${text}${/[.!?]$/.test(text) ? '' : '.'} ${end}`
}
