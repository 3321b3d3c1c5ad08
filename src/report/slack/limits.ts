/**
 * Slack's limits, and ours below them. Slack counts characters somewhere between the visible text and the JSON
 * of the blocks; the JSON is the longer of the two, so it is what we measure.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const LIMITS = {
  blocks: 50,
  /** Characters of a message's blocks as JSON. */
  message: 12_000,
  /** Characters of `text`; Slack splits longer ones into several messages. */
  text: 4_000,
  header: 150,
  /** A text object of a section. */
  section: 3_000,
  /** Fields of a section. */
  fields: 10,
  /** Elements of an actions block. */
  buttons: 25,
  tableRows: 100,
  tableColumns: 20,
} as const
