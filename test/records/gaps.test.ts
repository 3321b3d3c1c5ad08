import assert from 'node:assert/strict'
import { CALLS, type Call } from '../../src/google/calls.js'
import { ApiError } from '../../src/google/errors.js'
import { gapOf } from '../../src/inventory/gap-causes.js'
import type { Gap, GapKind } from '../../src/model.js'
import { Gaps } from '../../src/records/gaps.js'
import { type GapInWords, gapSaying } from '../gaps.js'
import { GAP, gathered, RUN } from '../report/samples.js'

/** The gap of another project, its sentences with that project's number. */
const of = (number: number, change: Partial<GapInWords> = {}): GapInWords => ({
  ...GAP,
  subject: `projects/${number}`,
  because: GAP.because.replaceAll('456', `${number}`),
  command: GAP.command?.replaceAll('456', `${number}`),
  ...change,
})

const causes = (gaps: readonly GapInWords[]) =>
  gathered(gaps)
    .records(RUN)
    .map(({ missing, reason, subjects }) => `${missing} ${reason} ${subjects.join(' ')}`)

describe('gaps', () => {
  it('of one cause are one record, whose sentences are those of the first subject', () => {
    const [record, ...others] = gathered([of(22), of(1), of(333)]).records(RUN)
    assert.deepEqual(others, [])
    assert.deepEqual(record?.subjects, ['projects/1', 'projects/22', 'projects/333'])
    assert.equal(record?.subjectCount, 3)
    assert.match(
      record?.because ?? '',
      /^Listing the API keys of projects\/1 failed: .* \(the same for 2 more\)$/,
    )
    assert.match(record?.fix ?? '', /add-iam-policy-binding 1 .*geminiKeyAuditor$/)
  })

  it('are one record in whatever order they came, and however often', () => {
    const gaps = [of(3), of(1), of(2), of(1)]
    assert.deepEqual(gathered(gaps).records(RUN), gathered(gaps.toReversed()).records(RUN))
    assert.deepEqual(gathered(gaps).counts().keys, 3)
  })

  it('of another kind, reason, sentence or fix are other records, by kind and then by size', () => {
    assert.deepEqual(
      causes([
        of(1, { missing: 'usage' }),
        of(2),
        of(3, { reason: 'SERVICE_DISABLED' }),
        of(4, { reason: 'SERVICE_DISABLED' }),
        of(5, { because: 'the quota is used up' }),
        of(6, { fix: 'try again' }),
        of(9, { missing: 'projects' }),
      ]),
      [
        'projects PERMISSION_DENIED projects/9',
        'keys SERVICE_DISABLED projects/3 projects/4',
        'keys PERMISSION_DENIED projects/2',
        'keys PERMISSION_DENIED projects/6',
        'keys PERMISSION_DENIED projects/5',
        'usage PERMISSION_DENIED projects/1',
      ],
    )
  })

  it('are one cause where sentences name the project by its ID, when that name is known', () => {
    const gaps = new Gaps({ otherNames: (subject) => [subject === 'projects/1' ? 'acme-web' : 'acme-app'] })
    gaps.add(gapSaying(of(1, { because: 'acme-web is closed' })))
    gaps.add(gapSaying(of(2, { because: 'acme-app is closed' })))
    assert.equal(gaps.records(RUN).length, 1)
  })

  it('are one cause where the subject itself was charged, and two where other projects were', () => {
    const charged = (number: string, consumer: string): Gap => {
      const failure = { reason: 'SERVICE_DISABLED', consumer }
      const error = new ApiError(CALLS.listKeys, `projects/${number}`, failure)
      return gapOf('keys', error.subject, error, '1 of 3 projects')
    }
    const records = (...gaps: readonly Gap[]) => {
      const all = new Gaps({ otherNames: (subject) => [subject === 'projects/3' ? 'acme-web' : ''] })
      for (const gap of gaps) all.add(gap)
      return all.records(RUN).map(({ subjects }) => subjects.length)
    }
    assert.deepEqual(records(charged('1', '1'), charged('2', '2'), charged('3', 'acme-web')), [3])
    assert.deepEqual(records(charged('1', '9'), charged('2', '9')), [2])
    assert.deepEqual(records(charged('1', '8'), charged('2', '9')), [1, 1])
  })

  it('are two causes where two requests failed', () => {
    const failed = (call: Call): Gap => {
      const error = new ApiError(call, 'projects/1', { reason: 'PERMISSION_DENIED' })
      return gapOf('usage', error.subject, error, '1 of 3 projects')
    }
    const gaps = new Gaps()
    for (const call of [CALLS.listKeys, CALLS.listTimeSeries]) gaps.add(failed(call))
    assert.equal(gaps.records(RUN).length, 2)
  })

  it('are not one cause because a number occurs within another', () => {
    assert.equal(
      gathered([of(1, { because: '12 of 21 pages' }), of(2, { because: '11 of 22 pages' })]).records(RUN)
        .length,
      2,
    )
  })

  it('of keys are one cause whatever the key and its project are called', () => {
    const key = (name: string): GapInWords => ({
      missing: 'keys',
      subject: name,
      reason: 'MALFORMED',
      because: 'the key could not be read: createTime is no time',
      fix: `look at the key: gcloud services api-keys describe ${name}`,
    })
    const gaps = [key('projects/1/locations/global/keys/a'), key('projects/2/locations/global/keys/$&(b')]
    assert.equal(gathered(gaps).records(RUN).length, 1)
    const overlong = key(`projects/3/locations/global/keys/${'x('.repeat(50_000)}`)
    assert.equal(gathered([...gaps, overlong]).records(RUN).length, 1)
  })

  it('name at most 500 subjects, and count all', () => {
    const gaps = Array.from({ length: 501 }, (_none, index) => of(index + 1))
    const [record] = gathered(gaps).records(RUN)
    assert.equal(record?.subjects.length, 500)
    assert.equal(record?.subjectCount, 501)
    assert.equal(gathered(gaps).counts().keys, 501)
  })

  it('count a subject once for what it misses, whatever the reasons', () => {
    const gaps = gathered([of(1), of(1, { reason: 'OUT_OF_TIME' }), of(1, { missing: 'usage' })])
    assert.deepEqual(gaps.counts(), {
      projects: 0,
      keys: 1,
      type: 0,
      services: 0,
      usage: 1,
      policy: 0,
      accounts: 0,
    })
  })

  describe('that the policy knows', () => {
    const isKnown = ({ subject }: Gap) => subject === 'projects/1'

    it('are records of their own, marked as known', () => {
      const gaps = new Gaps({ isKnown })
      gaps.add(gapSaying(of(1)))
      gaps.add(gapSaying(of(2)))
      assert.deepEqual(
        gaps.records(RUN).map(({ subjects, known }) => [subjects, known]),
        [
          [['projects/1'], true],
          [['projects/2'], false],
        ],
      )
    })

    it('hide no verdict', () => {
      const gaps = new Gaps({ isKnown })
      gaps.add(gapSaying(of(1)))
      assert.equal(
        gaps.hideVerdicts(() => true),
        false,
      )
      gaps.add(gapSaying(of(2)))
      assert.equal(
        gaps.hideVerdicts(() => true),
        true,
      )
    })
  })

  const hiding: readonly [GapKind, boolean, boolean][] = [
    ['projects', true, true],
    ['keys', true, true],
    ['type', true, true],
    ['services', true, true],
    ['usage', true, false],
    ['policy', false, false],
    ['accounts', false, false],
  ]
  for (const [missing, ifDecided, otherwise] of hiding) {
    it(`in ${missing} hide verdicts: ${ifDecided} where dormancy decides one, else ${otherwise}`, () => {
      const gaps = gathered([of(1, { missing }), of(2, { missing })])
      assert.equal(
        gaps.hideVerdicts((subject) => subject === 'projects/2'),
        ifDecided,
      )
      assert.equal(
        gaps.hideVerdicts(() => false),
        otherwise,
      )
    })
  }

  it('hide nothing when there are none', () => {
    assert.equal(
      gathered([]).hideVerdicts(() => true),
      false,
    )
  })
})
