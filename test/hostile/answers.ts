import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { names } from './names.js'
import type { RawAnswer } from './server.js'
import { jsonText } from './wire.js'

const types = fc.constantFrom(
  'application/json',
  'application/json; charset=UTF-8',
  'text/html',
  'application/octet-stream',
)

const encodings = fc.constantFrom('', '', '', '', 'gzip', 'not gzip', 'br', 'identity')

/** Where Google's and Slack's libraries, or we, look for something. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    '',
    'x',
    [],
    {},
    [null],
    [[]],
    '@json:1e999',
    '@json:deep',
    '__proto__',
    'constructor',
  ),
  names,
  fc.jsonValue({ maxDepth: 3 }),
)

/** Bodies with some of these fields, each with anything for its value; or no JSON, or half of it, or nothing. */
function bodies(fields: readonly string[], good: readonly unknown[]): fc.Arbitrary<string> {
  const odd = fc.dictionary(fc.constantFrom(...fields), fc.oneof(oddValue, fc.constantFrom(...good)), {
    maxKeys: 5,
    noNullPrototype: true,
  })
  const wrong = fc
    .tuple(fc.constantFrom(...good), odd)
    .map(([usual, changed]) => ({ ...Object(usual), ...changed }))
  return fc.oneof(
    { weight: 4, arbitrary: wrong.map(jsonText) },
    { weight: 2, arbitrary: odd.map(jsonText) },
    { weight: 2, arbitrary: oddValue.map(jsonText) },
    { weight: 1, arbitrary: wrong.map((body) => jsonText(body).slice(0, -2)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '{}',
        '[]',
        '<html>',
        '\ufeff{}',
        '{"a":1}{"a":2}',
        '{"__proto__":{"ok":true}}',
      ),
    },
  )
}

/** Answers of a server that follows no documentation: any status, header and body. */
export function rawAnswers(
  fields: readonly string[],
  good: readonly unknown[],
  statuses: readonly number[],
): fc.Arbitrary<RawAnswer> {
  return fc
    .record({
      status: fc.constantFrom(...statuses),
      type: types,
      encoding: encodings,
      retryAfter: fc.constantFrom(
        undefined,
        undefined,
        '0',
        '1e999',
        '-1',
        'x',
        '0.0001',
        '99999999999999999999',
      ),
      body: bodies(fields, good),
    })
    .map(({ status, type, encoding, retryAfter, body }) => ({
      status,
      headers: {
        'content-type': type,
        ...(encoding === '' ? {} : { 'content-encoding': encoding.replace('not ', '') }),
        ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      },
      body: encoding === 'gzip' ? gzipSync(body) : body,
    }))
}
