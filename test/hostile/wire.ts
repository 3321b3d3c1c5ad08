import fc from 'fast-check'
import { names, PROTOTYPE_NAMES } from './names.js'

/** What no field of Google's holds; texts that begin with `@json:` stand for what only JSON's text can say. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    [],
    {},
    [null],
    [[]],
    '@json:1e999',
    '@json:-1e999',
    '@json:deep',
  ),
  names,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(...PROTOTYPE_NAMES).map((name) => Object.fromEntries([[name, { [name]: 'polluted' }]])),
)

/** Mostly a value as it should be, now and then none, or junk. */
function mostly(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: good },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: junk },
  )
}

const times = fc.constantFrom(
  '2024-02-03T04:05:06.123456Z',
  '2026-11-20T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
)

const targets = fc.array(
  fc.record({
    service: mostly(
      fc.constantFrom(
        'generativelanguage.googleapis.com',
        'maps-backend.googleapis.com',
        'cloudapis.googleapis.com',
      ),
    ),
    methods: mostly(fc.array(names, { maxLength: 2 })),
  }),
  { maxLength: 2 },
)

const restrictions = fc.record({
  apiTargets: mostly(targets),
  browserKeyRestrictions: mostly(fc.record({ allowedReferrers: mostly(fc.array(names, { maxLength: 2 })) })),
  androidKeyRestrictions: mostly(
    fc.record({
      allowedApplications: mostly(fc.array(fc.record({ packageName: mostly(names) }), { maxLength: 2 })),
    }),
  ),
})

/** The ID of a key: few, so that some come twice. */
const ids = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 40 }).map((number) => `key-${number}`) },
  { weight: 1, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES) },
  { weight: 1, arbitrary: names },
)

/** A key of a project as the API Keys API would show it, were it not for what has been done to it. */
export function wireKeys(project: string): fc.Arbitrary<unknown> {
  const key = fc.record({
    name: mostly(ids.map((id) => `projects/${project}/locations/global/keys/${id}`)),
    uid: mostly(fc.uuid()),
    displayName: mostly(names),
    createTime: mostly(times),
    updateTime: mostly(times),
    deleteTime: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: mostly(times) },
    ),
    serviceAccountEmail: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: mostly(names) },
    ),
    restrictions: mostly(restrictions),
    annotations: mostly(
      fc.constantFrom(...PROTOTYPE_NAMES).map((name) => Object.fromEntries([[name, name]])),
    ),
    keyString: fc.constantFrom(undefined, 'AIzaNEVER'),
  })
  return fc.oneof({ weight: 15, arbitrary: key }, { weight: 1, arbitrary: junk })
}

/** The same as an asset of the inventory. */
export function keyAssets(project: string): fc.Arbitrary<unknown> {
  const asset = fc
    .record({
      data: wireKeys(project),
      asset: mostly(
        ids.map((id) => `//apikeys.googleapis.com/projects/${project}/locations/global/keys/${id}`),
      ),
      isSame: fc.oneof(
        { weight: 8, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
      ancestors: mostly(fc.constant([`projects/${project}`, 'organizations/9'])),
      resource: fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: junk }),
    })
    .map(({ data, asset: name, isSame, ancestors, resource }) => {
      const own = typeof data === 'object' && data !== null && 'name' in data ? data.name : undefined
      return {
        name: isSame && typeof own === 'string' ? `//apikeys.googleapis.com/${own}` : name,
        assetType: 'apikeys.googleapis.com/Key',
        ancestors,
        resource: resource === true ? { data } : resource,
      }
    })
  return fc.oneof({ weight: 15, arbitrary: asset }, { weight: 1, arbitrary: junk })
}

export const projectAssets: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      name: mostly(
        fc.nat({ max: 9 }).map((number) => `//cloudresourcemanager.googleapis.com/projects/${number}`),
      ),
      ancestors: mostly(fc.constant(['projects/7', 'folders/1', 'organizations/9'])),
      resource: mostly(
        fc.record({
          data: mostly(
            fc.record({
              projectId: mostly(fc.oneof(fc.constant('acme-web'), names)),
              lifecycleState: mostly(fc.constantFrom('ACTIVE', 'DELETE_REQUESTED')),
              labels: mostly(fc.dictionary(fc.oneof(names, fc.constantFrom(...PROTOTYPE_NAMES)), names)),
            }),
          ),
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: junk },
)

export const timeSeries: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      metric: mostly(
        fc.record({
          labels: mostly(fc.record({ response_code: mostly(fc.constantFrom('200', '403', '__proto__')) })),
        }),
      ),
      resource: mostly(
        fc.record({
          labels: mostly(
            fc.record({
              credential_id: mostly(fc.constantFrom('apikey:u1', 'apikey:__proto__')),
              service: mostly(fc.constantFrom('generativelanguage.googleapis.com', '__proto__')),
            }),
          ),
        }),
      ),
      points: mostly(
        fc.array(
          fc.record({
            interval: mostly(fc.record({ endTime: mostly(times) })),
            value: mostly(
              fc.record({
                int64Value: mostly(fc.constantFrom('1', '9007199254740991', '9'.repeat(19), '9'.repeat(400))),
              }),
            ),
          }),
          { maxLength: 3 },
        ),
      ),
    }),
  },
  { weight: 1, arbitrary: junk },
)

const DEPTH = 10_000

/** A value as the text of JSON, with what JSON's text can say and no value can. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? 'null')
    .replaceAll('"@json:deep"', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`)
    .replaceAll(/"@json:([^"]*)"/g, '$1')
}

/** A value as our program gets it, after JSON's text. */
export function parsed(value: unknown): unknown {
  return JSON.parse(jsonText(value))
}
