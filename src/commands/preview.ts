import type { Digest } from '../report/digest/digest.js'
import { digestText } from '../report/digest-text.js'

export const PREVIEWS = ['text', 'json'] as const
export type Preview = (typeof PREVIEWS)[number]

const BUILDER = 'https://app.slack.com/block-kit-builder/#'

/** What Slack would get: the message and its thread to read, or the message as JSON and the page that shows it. */
export function previewOf(digest: Digest, form: Preview): string {
  return form === 'text' ? digestText(digest) : asJson(digest)
}

function asJson({ message }: Digest): string {
  const { text, blocks } = message
  const link = `${BUILDER}${encodeURIComponent(JSON.stringify({ blocks }))}`
  return `${JSON.stringify({ text, blocks }, null, 2)}\n\n${link}\n`
}
