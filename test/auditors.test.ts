import assert from 'node:assert/strict'
import { fieldsOf } from '../scripts/record-fields.js'
import { RECORD_FORMS, type RecordName, recordSchemas } from '../scripts/record-schemas.js'
import { blocksOf, parseQuery } from './sql.js'

const PAGE = 'docs/auditors.md'
const QUESTIONS = [
  'All overdue keys on a day',
  'The life of a key',
  'Who was exempt, by whom, until when',
  'Days without a complete run',
  'Time to fix, by owner',
  'Who can act as what by a key string',
]

/** Of years, in SQL alone: the first three ask the records of the log, the others Google's own inventory. */
const LONG_QUESTIONS = [
  'Each month: affected keys, and how many of them were in use',
  'Each key that was ever overdue: from when to when, and how it ended',
  'Each week: what the runs covered',
  'Each day: keys, and those without API restriction, by the inventory alone',
  'Keys of the inventory that no record of the day names',
]

/** Every field of every record, as queries name it. */
function recordedFields(): ReadonlySet<string> {
  const schemas = recordSchemas({ isOpen: true })
  const fields = Object.entries(RECORD_FORMS).flatMap(([name, types]) =>
    types.flatMap((type) => fieldsOf(schemas[name as RecordName], type)),
  )
  return new Set(fields.map(({ path }) => path.replaceAll('[]', '')))
}

function fieldsNamed(text: string, before: RegExp): readonly string[] {
  const path = new RegExp(
    `${before.source}\\.([A-Za-z]+(?:\\[\\d+\\])?(?:\\.[A-Za-z]+(?:\\[\\d+\\])?)*)`,
    'g',
  )
  return [...text.matchAll(path)].map(([, field = '']) => field.replaceAll(/\[\d+\]/g, ''))
}

describe('the queries for auditors', () => {
  for (const language of ['sql', 'logging']) {
    it(`answer each question in ${language}`, async () => {
      const blocks = await blocksOf(PAGE, language)
      assert.deepEqual(
        blocks.map(({ heading }) => heading),
        language === 'sql' ? [...QUESTIONS, ...LONG_QUESTIONS] : QUESTIONS,
      )
    })
  }

  it('are SQL of BigQuery, group repeated entries, and name fields that records have', async () => {
    const known = recordedFields()
    for (const { heading, text } of await blocksOf(PAGE, 'sql')) {
      assert.doesNotThrow(() => parseQuery(text), heading)
      const named = fieldsNamed(text, /payload/)
      if (QUESTIONS.includes(heading) || LONG_QUESTIONS.indexOf(heading) < 3) {
        assert.match(text, /GROUP BY insert_id/, heading)
        assert.ok(named.length > 3, heading)
      }
      if (text.includes('_AllLogs')) assert.match(text, /GROUP BY insert_id|SELECT DISTINCT/, heading)
      assert.deepEqual(
        named.filter((field) => !known.has(field)),
        [],
        heading,
      )
    }
  })

  it('are refused by the parser when they are broken', async () => {
    for (const { text } of await blocksOf(PAGE, 'sql')) {
      assert.throws(() => parseQuery(text.replace('FROM', 'FORM')))
      assert.throws(() => parseQuery(text.replace('(', '')))
    }
  })
})
