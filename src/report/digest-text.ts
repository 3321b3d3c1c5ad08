import type { Digest } from './digest/digest.js'
import { asText } from './slack/plain-text.js'

/** The digest as a terminal shows it: the message, then each reply of its thread. */
export function digestText({ message, thread }: Digest): string {
  return [message, ...thread].map(({ parts }) => asText(parts)).join('\n---\n\n')
}
