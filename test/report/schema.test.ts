import assert from 'node:assert/strict'
import { fieldsOf } from '../../scripts/record-fields.js'
import { RECORD_FORMS, type RecordName, recordSchemas } from '../../scripts/record-schemas.js'
import { acme, callFunction, onStage, recordsIn } from '../end-to-end/stage.js'
import { flawsOf } from '../record-forms.js'

describe('the schemas of the records', () => {
  const schemas = recordSchemas({ isOpen: true })

  for (const [name, schema] of Object.entries(schemas)) {
    it(`say what every field of a ${name} record means`, () => {
      const fields = RECORD_FORMS[name as RecordName].flatMap((type) => fieldsOf(schema, type))
      assert.ok(fields.length > 5)
      assert.deepEqual(
        fields.filter(({ description }) => description === '').map(({ path }) => path),
        [],
      )
    })
  }

  it('refuse a record that lacks a field, has one too many, or a value of another kind', async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      await callFunction(env)
      const [key] = recordsIn(simulator, 'key')
      assert.deepEqual(flawsOf(key, 'key'), [])
      const { verdict: _, ...without } = key
      assert.notDeepEqual(flawsOf(without, 'key'), [])
      assert.notDeepEqual(flawsOf({ ...key, colour: 'red' }, 'key'), [])
      assert.notDeepEqual(flawsOf({ ...key, asOf: '23.11.2026' }, 'key'), [])
      assert.notDeepEqual(flawsOf({ ...key, run: '2026-11-23 07:00' }, 'key'), [])
      assert.notDeepEqual(flawsOf({ ...key, verdict: 'fine' }, 'key'), [])
      const [run] = recordsIn(simulator, 'run')
      assert.deepEqual(flawsOf(run, 'run'), [])
      assert.notDeepEqual(flawsOf({ ...run, records: { ...run.records, count: 1.5 } }, 'run'), [])
    })
  })
})
