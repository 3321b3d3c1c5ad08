/** What a failed run recommends first. */
export const SEE_DOCTOR = 'To see all that a run needs, and what is missing: gemini-key-audit doctor'

/** The sentences of a failure in one text, which ends with the recommendation, and says it once. */
export function recommending(sentences: readonly string[]): string {
  const text = sentences.map(withoutRecommendation).join(' ')
  if (text.includes('\n')) return `${text}\n${SEE_DOCTOR}`
  return `${text}${/[.!?]$/.test(text) ? '' : '.'} ${SEE_DOCTOR}`
}

/** The text of a failure without the recommendation at its end. */
export function withoutRecommendation(text: string): string {
  return text.endsWith(SEE_DOCTOR) ? text.slice(0, -SEE_DOCTOR.length).trimEnd() : text
}
