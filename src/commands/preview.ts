import type { Digest } from '../report/digest/digest.js'

const BUILDER = 'https://app.slack.com/block-kit-builder/#'

/** The digest as Slack would get it, as JSON, and the page of Slack that shows it. Nothing is sent. */
export function previewOf({ message }: Digest): string {
  const { text, blocks } = message
  const link = `${BUILDER}${encodeURIComponent(JSON.stringify({ blocks }))}`
  return `${JSON.stringify({ text, blocks }, null, 2)}\n\n${link}\n`
}
