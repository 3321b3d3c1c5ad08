import assert from 'node:assert/strict'
import { gapLine, unreadText, wholeGap } from '../../src/report/gap-words.js'
import type { GapInWords } from '../gaps.js'
import { GAP, gathered, RUN } from './samples.js'

const recordsOf = (gaps: readonly Partial<GapInWords>[]) =>
  gathered(
    gaps.map((gap) => ({ ...GAP, because: 'why', fix: 'what to do', command: undefined, ...gap })),
  ).records(RUN)
const only = (gaps: readonly Partial<GapInWords>[]) => {
  const [record] = recordsOf(gaps)
  assert.ok(record)
  return record
}

describe('a gap in words', () => {
  const lines: readonly [Partial<GapInWords>[], string][] = [
    [[{}], 'the keys of projects/456: why'],
    [[{}, { subject: 'projects/7' }], 'the keys of 2 projects: why (the same for 1 more)'],
    [[{ missing: 'projects', subject: 'organizations/9' }], 'the projects of organizations/9: why'],
    [
      [
        { missing: 'services', subject: 'folders/1' },
        { missing: 'services', subject: 'folders/2' },
      ],
      'the enabled APIs of 2 scopes: why (the same for 1 more)',
    ],
    [[{ subject: 'projects/7/locations/global/keys/a' }], 'projects/7/locations/global/keys/a: why'],
    [
      [{ missing: 'usage', subject: 'projects/7/locations/global/keys/a' }],
      'the traffic of projects/7/locations/global/keys/a: why',
    ],
  ]
  for (const [gaps, line] of lines) {
    it(`is “${line}”`, () => assert.equal(gapLine(only(gaps)), line))
  }

  it('has its code, its fix and the first of its subjects', () => {
    assert.equal(wholeGap(only([{}])), 'the keys of projects/456: why (PERMISSION_DENIED); what to do')
    const six = [1, 2, 3, 4, 5, 6].map((number) => ({ subject: `projects/${number}` }))
    assert.equal(
      wholeGap(only(six)),
      'the keys of 6 projects: why (the same for 5 more) (PERMISSION_DENIED); what to do. It concerns projects/1, projects/2, projects/3, projects/4, projects/5 and 1 more.',
    )
  })

  it('is counted with its like, projects apart from keys', () => {
    const gaps = recordsOf([
      {},
      { subject: 'projects/7', because: 'another' },
      { subject: 'projects/8/locations/global/keys/b', reason: 'MALFORMED' },
      { subject: 'projects/7/locations/global/keys/a' },
      { missing: 'usage' },
    ])
    assert.equal(
      unreadText(gaps),
      '1 damaged key, the keys of 2 projects (permission), 1 key (permission), the traffic of 1 project (permission)',
    )
  })
})
