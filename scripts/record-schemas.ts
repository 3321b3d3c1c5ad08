import { createGenerator, type Definition } from 'ts-json-schema-generator'
import { SCHEMA } from '../src/records/head.js'

/** The records, and the types whose forms each of them has. */
export const RECORD_FORMS = {
  key: ['KeyRecord', 'GoneRecord'],
  gap: ['GapRecord'],
  policy: ['PolicyRecord'],
  run: ['JudgedRunRecord', 'FailedRunRecord'],
  delivery: ['DeliveryRecord'],
  event: ['JudgedEventRecord', 'UnreadableEventRecord'],
} as const

export type RecordName = keyof typeof RECORD_FORMS

/** A JSON Schema, as far as the records need it. */
export interface RecordSchema extends Definition {
  readonly definitions: Readonly<Record<string, Definition>>
}

/**
 * The JSON Schema (draft 7) of each record, made from the types in `src/records`. With `isOpen` a record may
 * have further fields: readers must not break when a later version adds one.
 */
export function recordSchemas({
  isOpen,
}: {
  readonly isOpen: boolean
}): Readonly<Record<RecordName, RecordSchema>> {
  const generator = createGenerator({
    path: 'src/records/records.ts',
    tsconfig: 'tsconfig.json',
    type: '*',
    skipTypeCheck: true, // `npm run check` does that, with another version of the compiler
    additionalProperties: isOpen,
    topRef: true,
  })
  const { definitions = {} } = generator.createSchema('AuditRecord')
  const schemaOf = (name: RecordName): RecordSchema => {
    const forms = RECORD_FORMS[name].map((type) => `#/definitions/${type}`)
    return {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: `The ${name} record of ${SCHEMA}`,
      ...(forms.length === 1 ? { $ref: forms[0] ?? '' } : { anyOf: forms.map(($ref) => ({ $ref })) }),
      definitions: Object.fromEntries(
        [...reached(forms, definitions)].sort().map((type) => [type, withWholeNumbers(definitions[type])]),
      ),
    }
  }
  return {
    key: schemaOf('key'),
    gap: schemaOf('gap'),
    policy: schemaOf('policy'),
    run: schemaOf('run'),
    delivery: schemaOf('delivery'),
    event: schemaOf('event'),
  }
}

/** The names of all definitions that lead on from some references. */
function reached(references: readonly string[], definitions: Readonly<Record<string, unknown>>): Set<string> {
  const names = new Set<string>()
  const waiting = references.map(nameIn)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (names.has(name)) continue
    names.add(name)
    waiting.push(...referencesIn(definitions[name]).map(nameIn))
  }
  return names
}

/** The name of a definition in a reference, which is escaped as a part of an address. */
export function nameIn(reference: string): string {
  return decodeURIComponent(reference.replace('#/definitions/', ''))
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

/** Every number of a record is an integer below 2^53, which TypeScript's types do not say. */
function withWholeNumbers(definition: unknown): Definition {
  return JSON.parse(JSON.stringify(definition).replaceAll('"type":"number"', '"type":"integer"'))
}
