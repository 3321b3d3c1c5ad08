import * as z from 'zod'

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
  })
  .optional()
const richPart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('link'),
    url: z.string(),
    text: z.string().optional(),
    unsafe: z.boolean().optional(),
    style,
  }),
  z.strictObject({ type: z.literal('emoji'), name: z.string(), unicode: z.string().optional() }),
  z.strictObject({ type: z.literal('user'), user_id: z.string(), style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string(), style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string(), style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']) }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string(),
    fallback: z.string().optional(),
    url: z.string().optional(),
  }),
])
const border = { border: z.union([z.literal(0), z.literal(1)]).optional() }
const richSection = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(richPart) })
const richElement = z.discriminatedUnion('type', [
  richSection,
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(richSection),
    indent: z.int().min(0).max(8).optional(),
    offset: z.int().optional(),
    ...border,
  }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(richPart),
    language: z.string().optional(),
    ...border,
  }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(richPart), ...border }),
])
/** A `rich_text` block, which is a cell of tables as well. @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z.array(richElement),
  block_id: z.string().max(255).optional(),
})

/** Slack's limits of a message and its blocks. @see https://docs.slack.dev/reference/block-kit/blocks */
const BLOCKS = 50
const TABLE_ROWS = 100
const TABLE_CELLS = 20
/** In all cells of a message together. */
const TABLE_CHARACTERS = 10_000

const text = (most: number, kinds: readonly ['plain_text', ...'mrkdwn'[]] = ['plain_text', 'mrkdwn']) =>
  z.strictObject({
    type: z.enum(kinds),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
    verbatim: z.boolean().optional(),
  })
const plainText = (most: number) => text(most, ['plain_text'])
const blockId = { block_id: z.string().max(255).optional() }

const image = z.strictObject({
  type: z.literal('image'),
  image_url: z.string().max(3000).optional(),
  slack_file: z.record(z.string(), z.string()).optional(),
  alt_text: z.string().min(1).max(2000),
})
const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: z.string().max(255).optional(),
  url: z.string().max(3000).optional(),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
})

/** An empty cell is refused: a cell without anything to show holds a blank. */
const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().optional() }),
  richText,
])
const columnSetting = z
  .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
  .nullable()

const block = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('section'),
      text: text(3000).optional(),
      fields: z.array(text(2000)).min(1).max(10).optional(),
      accessory: z.union([button, image]).optional(),
      expand: z.boolean().optional(),
      ...blockId,
    })
    .refine((section) => section.text ?? section.fields, 'must have text or fields'),
  z.strictObject({ type: z.literal('header'), text: plainText(150), level: z.int().optional(), ...blockId }),
  z.strictObject({ type: z.literal('divider'), ...blockId }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([text(2000), image]))
      .min(1)
      .max(10),
    ...blockId,
  }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25), ...blockId }),
  image.extend({ title: plainText(2000).optional(), ...blockId }),
  z.strictObject({ type: z.literal('markdown'), text: z.string().min(1).max(12_000), ...blockId }),
  richText,
  z.strictObject({
    type: z.literal('table'),
    rows: z.array(z.array(cell).min(1).max(TABLE_CELLS)).min(1).max(TABLE_ROWS),
    column_settings: z.array(columnSetting).max(TABLE_CELLS).optional(),
    ...blockId,
  }),
])

const blockList = z.array(block).max(BLOCKS)
export type Block = z.infer<typeof block>

/** The blocks of a message, or what Slack finds wrong with them, each with its place. */
export function blocksOf(
  value: unknown,
): { readonly blocks: readonly Block[] } | { readonly problems: string[] } {
  const result = blockList.safeParse(value)
  if (!result.success) {
    return {
      problems: result.error.issues.map((issue) => `${issue.message} [json-pointer:${pointer(issue.path)}]`),
    }
  }
  const tables = result.data.filter((one) => one.type === 'table')
  if (tables.length > 1) return { problems: ['only one table allowed [json-pointer:/blocks]'] }
  if (lengthOf(tables) > TABLE_CHARACTERS) {
    return {
      problems: [`cells must have at most ${TABLE_CHARACTERS} characters in all [json-pointer:/blocks]`],
    }
  }
  return { blocks: result.data }
}

/** Characters that people read in the blocks: every text, however deep. */
export function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + lengthOf(one), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : lengthOf(inner)),
    0,
  )
}

function pointer(path: readonly PropertyKey[]): string {
  return ['/blocks', ...path.map(String)].join('/')
}
