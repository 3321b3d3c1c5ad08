import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { faultGate } from '../../simulator/gates/fault-gate.js'
import { faultRules } from '../../simulator/gates/fault-rule.js'
import type { Simulator } from '../../simulator/simulator.js'
import type { Bucket } from '../../simulator/storage/bucket.js'
import type { Gate } from '../../simulator/wire/call.js'
import { ApiError } from '../../src/google/errors.js'
import { NOW } from '../simulator/simulated.js'
import {
  answering,
  changing,
  gapLines,
  lines,
  type Read,
  type ReadOptions,
  read,
  UNAVAILABLE,
} from './reading.js'

const WORLD = `
organization: {number: 9}
folders: [{number: 1, name: production}]
projects:
  - {id: with-gemini, number: 102, folder: 1, services: [generativelanguage], keys: [{name: open}, {name: second}]}
  - {id: without-gemini, number: 103, keys: [{name: closed}]}
buckets: [{name: exports}, {name: locked, retention: 10d}]
`
const KEYS = 'here/this-run/organizations-9/1/apikeys.googleapis.com/Key/'
const ALL = {
  open: 'standard on keys.list keys.list assets',
  second: 'standard on keys.list keys.list assets',
  closed: 'unknown off assets assets services.get',
}
const LISTED = /its assets are listed page by page instead\. To export: /

/** A reading by export; the organization unless scopes are given. */
function exported(options: ReadOptions = {}, world = WORLD): Promise<Read> {
  return read(world, { mode: 'export', ...options })
}

function denied(what: string): string {
  return `${WORLD}\ndenied: [${what}]`
}

/** The names of all objects that lie in the bucket after the reading. */
function leftIn(names: string[]): (simulator: Simulator) => void {
  return ({ buckets }) => names.push(...(buckets.get('exports')?.list() ?? []).map(({ name }) => name))
}

/** Changes the content of the objects whose names end so. */
function garbling(end: string, change: (text: string) => string): Gate {
  return async (call, answer) => {
    const outcome = await answer()
    const meant = call.operation === 'storage.objects.get' && decodeURIComponent(call.path).endsWith(end)
    if (!meant || !('body' in outcome) || !Buffer.isBuffer(outcome.body)) return outcome
    return { ...outcome, body: Buffer.from(change(outcome.body.toString())) }
  }
}

/** Writes a file of the export anew before it is listed: so it lies in the bucket, with its own checksum. */
function rewriting(name: string, change: (text: string) => string): ReadOptions {
  let bucket: Bucket | undefined
  const gate: Gate = (call, answer) => {
    const object = call.operation === 'storage.objects.list' ? bucket?.find(name) : undefined
    if (object && bucket) {
      const content = Buffer.from(change(object.content.subarray().toString()))
      bucket.insert({ name, content, contentType: object.contentType, metadata: {} })
      bucket = undefined
    }
    return answer()
  }
  return {
    gates: [gate],
    beforehand: ({ buckets }) => {
      bucket = buckets.get('exports')
    },
  }
}

/** The listing goes, nothing of it is left out: the verdicts are those of a reading by assets. */
function assertListedInstead(found: Read): void {
  assert.equal(found.error, undefined)
  assert.deepEqual(lines(found), ALL)
  assert.deepEqual(found.gaps, [])
  assert.equal(found.remarks.filter((sentence) => LISTED.test(sentence)).length, 1)
}

describe('a reading by export', function () {
  this.timeout(60_000)

  it('takes one request for a scope, shows the moment of the export, and lists nothing', async () => {
    const found = await exported()
    assert.deepEqual(lines(found), ALL)
    assert.deepEqual(found.gaps, [])
    assert.equal(found.keys.get('closed')?.evidence.key.readAt, '2026-11-23T07:00:00Z')
    assert.deepEqual(
      [found.requests['cloudasset.exportAssets'], found.requests['cloudasset.assets.list']],
      [1, undefined],
    )
    assert.equal(found.remarks.length, 1)
    assert.match(
      found.remarks[0] ?? '',
      /^The assets of organizations\/9 were exported as of 2026-11-23T07:00:00Z and read from 2 files of 0\.0 MB in all\.$/,
    )
  })

  it('deletes its own files, and no other', async () => {
    const left: string[] = []
    const others = ['here/this-run', 'here/this-run-2/0', 'other']
    const content = { content: Buffer.from('{}'), contentType: 'text/plain', metadata: {} }
    await exported({
      beforehand: ({ buckets }) => {
        for (const name of others) buckets.get('exports')?.insert({ ...content, name })
      },
      afterwards: leftIn(left),
    })
    assert.deepEqual(left, others)
  })

  it('exports each scope by itself, and takes a key once', async () => {
    const found = await exported({ scopes: ['folders/1', 'organizations/9', 'projects/without-gemini'] })
    assert.deepEqual(lines(found), ALL)
    assert.equal(found.count, 3)
    assert.equal(found.requests['cloudasset.exportAssets'], 3)
    assert.match(found.remarks.join(), /The assets of 3 scopes were exported/)
  })

  it('asks an empty inventory of keys no more than a listing: projects with the Gemini API are asked', async () => {
    const found = await exported(
      {},
      WORLD.replaceAll(/\{name: (open|second|closed)/g, '{name: $1, lag: fresh'),
    )
    assert.deepEqual(Object.keys(lines(found)).sort(), ['open', 'second'])
  })

  it('reports lines that cannot be read as elements without a name, and keeps the others', async () => {
    const rewritten = rewriting(`${KEYS}0`, (text) => `${text.replace('{"name"', '{"na')}{"broken": "of`)
    const found = await exported(rewritten)
    assert.deepEqual(Object.keys(lines(found)).sort(), ['closed', 'open', 'second'])
    assert.deepEqual(gapLines(found), ['keys organizations/9 MALFORMED'])
    assert.match(found.gaps[0]?.because ?? '', /2 elements have no usable name \(the first is number 1\)/)
  })

  describe('lists instead, and says why and how to export,', () => {
    const refusals: readonly [string, string, RegExp][] = [
      [
        'where exports are denied',
        '{read: exports}',
        /it needs cloudasset\.assets\.exportResource; .*--role=organizations\/9\/roles\/geminiKeyAuditorExport; and let Cloud Asset Inventory write to the bucket: gcloud storage buckets add-iam-policy-binding gs:\/\/exports /,
      ],
      [
        'where the API may not write to the bucket',
        '{read: storage}',
        /let Cloud Asset Inventory write to the bucket/,
      ],
    ]
    for (const [where, what, words] of refusals) {
      it(where, async () => {
        const found = await exported({}, denied(what))
        assertListedInstead(found)
        assert.match(found.remarks.join('\n'), words)
        assert.equal(found.requests['storage.objects.delete'], undefined)
      })
    }

    const places = [
      ['a bucket that is not there', 'nowhere', /let Cloud Asset Inventory write to the bucket/],
      ['a bucket with a retention policy', 'locked', /gs:\/\/locked has a retention policy/],
    ] as const
    for (const [what, bucket, words] of places) {
      it(`for ${what}`, async () => {
        const exportTo = { bucket, folder: 'run', pauses: { first: 1, longest: 2 } }
        const found = await exported({ exportTo })
        assertListedInstead(found)
        assert.match(found.remarks.join('\n'), words)
      })
    }

    const failing: readonly [string, { code: number; message: string }, RegExp][] = [
      ['with a reason', { code: 9, message: 'Not in this region.' }, /failed: Not in this region\. ?; its/],
      [
        'for want of a right',
        { code: 7, message: 'denied' },
        /let Cloud Asset Inventory write to the bucket/,
      ],
      ['without a word', { code: 99, message: '' }, /and Google does not say why/],
    ]
    for (const [how, error, words] of failing) {
      it(`where the operation fails ${how}`, async () => {
        const left: string[] = []
        const found = await exported({ exporting: { error }, afterwards: leftIn(left) })
        assertListedInstead(found)
        assert.match(found.remarks.join('\n'), words)
        assert.deepEqual(left, [])
      })
    }

    it('where the operation says nothing at its end', async () => {
      const gates = [changing('cloudasset.operations.get', () => ({ done: true, response: undefined }))]
      assertListedInstead(await exported({ gates }))
    })

    it('where operations cannot be looked at', async () => {
      assertListedInstead(await exported({ gates: [answering('cloudasset.operations.get', UNAVAILABLE)] }))
    })

    it('where the bucket cannot be listed, and says that the files stay', async () => {
      const found = await exported({ gates: [answering('storage.objects.list', { status: 403, body: {} })] })
      assertListedInstead(found)
      assert.match(
        found.remarks.join('\n'),
        /The files of the export stay: Listing the exported files of gs:\/\/exports\/here\/this-run\/ failed/,
      )
    })

    it('where a file is missing that Google names', async () => {
      const gates = [
        changing('storage.objects.list', ({ items }) => ({
          items: items.filter(({ name }: { name: string }) => name !== `${KEYS}0`),
        })),
      ]
      const found = await exported({ gates })
      assertListedInstead(found)
      assert.match(
        found.remarks.join('\n'),
        new RegExp(`its file gs://exports/${KEYS}0 is missing; its assets`),
      )
    })

    it('where a file is missing between others, though Google names none', async () => {
      const gates = [
        changing('cloudasset.operations.get', ({ response }) => ({
          ...(response && { response: { ...response, outputResult: undefined } }),
        })),
        changing('storage.objects.list', ({ items }) => ({
          items: items.filter(({ name }: { name: string }) => name !== `${KEYS}0`),
        })),
      ]
      assertListedInstead(await exported({ gates, exporting: { linesInFile: 1 } }))
    })

    it('where a file is damaged', async () => {
      const found = await exported({ gates: [garbling('Key/0', (text) => text.replace('open', 'opem'))] })
      assertListedInstead(found)
      assert.match(found.remarks.join('\n'), /the checksums differ/)
    })

    it('where a file cannot be read to its end', async () => {
      const gates = [garbling('Key/0', (text) => text.slice(0, -10))]
      assertListedInstead(await exported({ gates }))
    })

    it('where a later file cannot be read, and takes no key twice', async () => {
      const gates = [garbling('Key/1', (text) => text.slice(0, -10))]
      const found = await exported({ gates, exporting: { linesInFile: 1 } })
      assertListedInstead(found)
      assert.equal(found.count, 3)
    })
  })

  it('reads without the files that Google names, by their numbers', async () => {
    const gates = [
      changing('cloudasset.operations.get', ({ response }) => ({
        ...(response && { response: { ...response, outputResult: undefined } }),
      })),
    ]
    const found = await exported({ gates, exporting: { linesInFile: 1 } })
    assert.deepEqual(lines(found), ALL)
    assert.equal(found.requests['cloudasset.assets.list'], undefined)
  })

  it('reads no file outside of its own folder, whatever is named', async () => {
    const gates = [
      changing('cloudasset.operations.get', ({ response }) => ({
        ...(response && {
          response: { ...response, outputResult: { gcsResult: { uris: ['gs://others/secret/Key/0'] } } },
        }),
      })),
    ]
    const found = await exported({ gates })
    assert.deepEqual(
      Object.keys(found.requests).filter((name) => name === 'storage.objects.get'),
      [],
    )
    assert.deepEqual(gapLines(found), [])
    assert.match(
      found.remarks.join(),
      /is not among those that it names; its assets are listed page by page instead/,
    )
    assert.equal(found.count, Object.keys(ALL).length)
  })

  it('leaves no file out that is there and not named: its scope is listed', async () => {
    const gates = [
      changing('cloudasset.operations.get', ({ response }) => ({
        ...(response && {
          response: {
            ...response,
            outputResult: { gcsResult: { uris: response.outputResult.gcsResult.uris.slice(0, 1) } },
          },
        }),
      })),
    ]
    const found = await exported({ gates })
    assert.deepEqual(gapLines(found), [])
    assert.match(found.remarks.join(), /is not among those that it names/)
    assert.equal(found.count, Object.keys(ALL).length)
  })

  it('does not go on with a damaged file of which something was taken: it is a gap', async () => {
    const many = Array.from({ length: 1100 }, (_, at) => `{name: key ${at}, targets: [maps]}`)
    const more = [1, 2, 3].map(
      (at) =>
        `  - {id: more-${at}, number: ${200 + at}, keys: [${many.slice(at * 290, (at + 1) * 290).join(', ')}]}\n`,
    )
    const world = WORLD.replace('{name: closed}', many.slice(0, 290).join(', ')).replace(
      'buckets',
      `${more.join('')}buckets`,
    )
    const found = await exported(
      { gates: [garbling('Key/0', (text) => text.replace('key 1"', 'key 2"'))] },
      world,
    )
    assert.deepEqual(gapLines(found), ['keys organizations/9 DAMAGED_OBJECT'])
    assert.equal(found.requests['cloudasset.assets.list'], undefined)
  })

  it('goes project by project where the listing is refused too', async () => {
    const found = await exported({}, denied('{read: exports}, {read: assets}'))
    assert.equal(found.error, undefined)
    assert.deepEqual(found.gaps, [])
    assert.equal(lines(found)['closed'], 'standard off keys.list keys.list services.get')
    assert.equal(found.remarks.length, 3)
  })

  it('begins anew in another place where an answer was lost, and cleans up both', async () => {
    let lost = 0
    const left: string[] = []
    const losing: Gate = async (call, answer) => {
      const outcome = await answer()
      return call.operation === 'cloudasset.exportAssets' && lost++ === 0 ? { hangup: 'reset' } : outcome
    }
    const found = await exported({ gates: [losing], afterwards: leftIn(left) })
    assert.deepEqual(lines(found), ALL)
    assert.equal(found.requests['cloudasset.exportAssets'], 2)
    assert.deepEqual(left, [])
  })

  it('is out of time where the operation never ends, and leaves its files alone', async () => {
    const time = new AbortController()
    const pending = changing('cloudasset.operations.get', () => {
      time.abort()
      return { done: undefined, response: undefined }
    })
    const left: string[] = []
    const found = await exported({
      gates: [pending],
      signal: time.signal,
      afterwards: leftIn(left),
    })
    assert.ok(found.error instanceof ApiError)
    assert.equal(found.error.reason, 'OUT_OF_TIME')
    assert.match(
      found.remarks.join(),
      /^An export to gs:\/\/exports\/here\/this-run\/ was not done in time, and its files stay\. To delete them: gcloud storage rm --recursive gs:\/\/exports\/here\/this-run\/$/,
    )
    assert.equal(left.length, 2)
    assert.equal(found.requests['storage.objects.delete'], undefined)
  })

  const refusals: readonly [string, object][] = [
    ['denied', { message: 'no', errors: [{ reason: 'forbidden' }] }],
    [
      'retained',
      {
        message: "Object is subject to bucket's retention policy",
        errors: [{ reason: 'retentionPolicyNotMet' }],
      },
    ],
  ]
  for (const [what, error] of refusals) {
    it(`says once that its files stay where deleting is ${what}, and goes on`, async () => {
      const refusal = { status: 403, body: { error: { code: 403, ...error } } }
      const found = await exported({
        gates: [answering('storage.objects.delete', refusal)],
        exporting: { linesInFile: 1 },
      })
      assert.deepEqual(lines(found), ALL)
      assert.deepEqual(found.gaps, [])
      const remark = found.remarks.filter((sentence) => sentence.startsWith('The files of the export stay: '))
      assert.equal(remark.length, 1)
      assert.match(
        remark[0] ?? '',
        /storage\.objects\.delete.*To delete them: gcloud storage rm --recursive gs:\/\/exports\/here\/this-run\/$/,
      )
    })
  }

  const calls = ['exportAssets', 'operations.get', 'objects.list', 'objects.get', 'objects.delete']
  const faults =
    'denied off 500 503 reset broken-off truncated html wrong-types wrong-elements repeated-token'
  for (const call of calls) {
    it(`says the same or what it misses, whatever fault ${call} has, once or for good`, async () => {
      for (const fault of [
        '429@1',
        'empty-page@1',
        ...faults.split(' ').flatMap((name) => [name, `${name}@1`]),
      ]) {
        const operation = call.startsWith('objects') ? `storage.${call}` : `cloudasset.${call}`
        const gates = faultRules([`${operation}=${fault}`], [operation]).map((rule) =>
          faultGate(rule, { seed: 1, now: () => NOW, consumer: () => '101' }),
        )
        const found = await exported({ gates })
        assert.equal(found.error, undefined, fault)
        assert.deepEqual(lines(found), ALL, `${call} ${fault}`)
        assert.deepEqual(found.gaps, [], `${call} ${fault}`)
        const remark = found.remarks.some(
          (sentence) => LISTED.test(sentence) || sentence.startsWith('The files of'),
        )
        const exportedOnly = found.requests['cloudasset.assets.list'] === undefined
        assert.ok(remark || exportedOnly, `${call} ${fault}: ${found.remarks.join()}`)
      }
    })
  }
})
