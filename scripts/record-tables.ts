import { SCHEMA } from '../src/records/head.js'
import { markdownTable } from './markdown.js'
import { fieldsOf, type RecordField } from './record-fields.js'
import { RECORD_FORMS, type RecordName, type RecordSchema } from './record-schemas.js'

/** The fields of `RecordHead`. */
const HEAD = ['schema', 'record', 'audit', 'run', 'reading', 'asOf', 'asOfOverridden', 'truncated']

const TITLES: Readonly<Record<string, string>> = {
  KeyRecord: 'A key that the run judged.',
  GoneRecord: 'A key that earlier runs saw and that has vanished: it has no verdict.',
  GapRecord: 'Everything of one cause that should have been read and was not.',
  PolicyRecord:
    'The policy, word for word, when it changed and in the first run of a month; the built-in one where it takes over from a file, as a file would say it.',
  JudgedRunRecord: 'A run that judged keys. It is written after all of its other records but the deliveries.',
  FailedRunRecord: 'A run that judged nothing. It has no counts, since nothing was counted.',
  DeliveryRecord: 'What became of one delivery of the run. It is outside of the digest.',
  JudgedEventRecord:
    'A change that was judged when it happened, between two runs: see [events.md](events.md). It belongs to no run and stands outside of every digest.',
  UnreadableEventRecord: 'A message of the feed that could not be read.',
}

/** Every record and every field: what it holds, whether it is always there, and what it means. */
export function recordTables(
  schemas: Readonly<Record<RecordName, RecordSchema>>,
): Readonly<Record<string, string>> {
  const sections = Object.entries(schemas).map(([name, schema]) => section(name as RecordName, schema))
  const beginning = fieldsOf(schemas.gap, 'GapRecord')
    .filter(isBeginning)
    .map((field) => (field.path === 'record' ? { ...field, form: 'string' } : field))
  return {
    'schema-version': `\`${SCHEMA}\``,
    'record-head': fieldTable(beginning),
    records: sections.join('\n'),
  }
}

/** What all records have in common comes before the first field of their own. */
function isBeginning({ path }: RecordField): boolean {
  return HEAD.includes(path)
}

function fieldTable(fields: readonly RecordField[]): string {
  const rows = fields.map(({ path, form, isRequired, description }) => [
    `\`${path}\``,
    form,
    isRequired ? 'yes' : '',
    description.replace(/\s+/g, ' '),
  ])
  return markdownTable(['field', 'holds', 'always', 'meaning'], rows)
}

function section(name: RecordName, schema: RecordSchema): string {
  const forms = RECORD_FORMS[name].map((type) => {
    const own = fieldsOf(schema, type).filter((field) => !isBeginning(field))
    return `${TITLES[type] ?? ''}\n\n${fieldTable(own)}\n`
  })
  return `## \`${name}\`\n\n[schema/${name}.json](../schema/${name}.json)\n\n${forms.join('\n')}`
}
