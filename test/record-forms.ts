import assert from 'node:assert/strict'
import { Ajv, type ValidateFunction } from 'ajv'
import { type RecordName, recordSchemas } from '../scripts/record-schemas.js'

let compiled: Readonly<Record<string, ValidateFunction>> | undefined

/** The schemas of the records as they are published, but that no field may be there which they do not name. */
function validators(): Readonly<Record<string, ValidateFunction>> {
  compiled ??= Object.fromEntries(
    Object.entries(recordSchemas({ isOpen: false })).map(([name, schema]) => [
      name,
      new Ajv({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(JSON.stringify(schema))),
    ]),
  )
  return compiled
}

/** What keeps a payload from being a record of a kind; empty when nothing does. */
export function flawsOf(payload: unknown, name: RecordName): readonly string[] {
  const validate = validators()[name]
  if (validate === undefined) throw new Error(`there is no schema of ${name} records`)
  if (validate(payload)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** Asserts that each payload is what the schema of its kind says, and has no other field. */
export function assertRecords(payloads: Iterable<unknown>): void {
  for (const payload of payloads) {
    const name = nameOf(payload)
    assert.ok(name in validators(), `a record called ${JSON.stringify(name)} has no schema`)
    const flaws = flawsOf(payload, name as RecordName)
    assert.deepEqual(flaws, [], `a ${name} record differs from its schema: ${JSON.stringify(payload)}`)
  }
}

function nameOf(payload: unknown): string {
  const isObject = typeof payload === 'object' && payload !== null && 'record' in payload
  return isObject ? String(payload.record) : ''
}
