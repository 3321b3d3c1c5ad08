import assert from 'node:assert/strict'
import { answerOf, MEANINGS, mainCodes, possibilitiesOf } from '../../src/policy/answers.js'
import { day } from './keys.js'

describe('An answer of the Gemini API', () => {
  const answers: readonly [code: string, answer: string][] = [
    ['200', 'accepted'],
    ['204', 'accepted'],
    ['304', 'accepted'],
    ['401', 'refused'],
    ['403', 'refused'],
    ['400', 'failed'],
    ['402', 'failed'],
    ['404', 'failed'],
    ['429', 'failed'],
    ['503', 'failed'],
    ['none', 'failed'],
    ['2000', 'failed'],
  ]
  for (const [code, answer] of answers) {
    it(`of ${code} is ${answer}`, () => {
      assert.equal(answerOf(code), answer)
    })
  }
})

describe('The codes that count', () => {
  it('are those of calls that did not work, the most frequent first, without a tenth that is noise', () => {
    assert.deepEqual(mainCodes({ 200: 5_000, 402: 90, 403: 900, 503: 150, 404: 0 }), ['403', '503'])
    assert.deepEqual(mainCodes({ 429: 2, 400: 2 }), ['400', '429'])
    assert.deepEqual(mainCodes({ 200: 1 }), [])
    assert.deepEqual(mainCodes({}), [])
  })
})

describe('What a code may mean', () => {
  const meanings = (codes: Readonly<Record<string, number>>, failing = {}) =>
    possibilitiesOf({ codes, isStandard: false, hasWorked: false, ...failing }).map(({ code, url }) => [
      code,
      url?.split('/').at(-1),
    ])

  it('comes code by code, each with where to look', () => {
    assert.deepEqual(meanings({ 402: 9, 404: 8, 429: 7, 500: 6 }), [
      ['402', 'billing'],
      ['404', 'deprecations'],
      ['429', 'rate-limits'],
      ['500', 'status'],
    ])
    assert.deepEqual(meanings({ 400: 1 }), [
      ['400', 'api-key'],
      ['400', 'troubleshooting'],
    ])
  })

  it('of a 403 depends on what is known of the key and its project', () => {
    assert.deepEqual(meanings({ 403: 1 }), [])
    assert.deepEqual(meanings({ 403: 1 }, { hasWorked: true }), [['403', 'compromised-credentials']])
    assert.deepEqual(
      meanings({ 403: 1 }, { hasWorked: true, isStandard: true, projectRefusedSince: day('2026-11-18') }),
      [
        ['403', 'troubleshooting'],
        ['403', 'compromised-credentials'],
        ['403', 'api-key'],
      ],
    )
  })

  it('is a possibility and never a fact', () => {
    for (const { say } of MEANINGS) assert.match(say, / may /)
  })
})
