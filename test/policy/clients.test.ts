import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ClientRestriction, Restrictions } from '../../src/model.js'
import {
  allowedClientsOf,
  clientRestrictionOf,
  hasOpenClients,
  withFittingClients,
  withoutOpenClients,
} from '../../src/policy/clients.js'
import { facts, targets, UNRESTRICTED } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'

describe('The client restriction of a key', () => {
  const app = { sha1Fingerprint: 'AA:BB', packageName: 'com.example' }
  const kinds: readonly [restrictions: Partial<Restrictions>, kind: ClientRestriction][] = [
    [{}, 'none'],
    [{ allowedReferrers: ['https://acme.example/*'] }, 'browser'],
    [{ allowedIps: ['192.0.2.1'] }, 'server'],
    [{ allowedApplications: [app] }, 'android'],
    [{ allowedBundleIds: ['com.example'] }, 'ios'],
    [{ apiTargets: targets(GEMINI) }, 'none'],
    [{ allowedIps: ['192.0.2.1'], allowedReferrers: ['https://acme.example/*'] }, 'browser'],
    [{ allowedIps: ['192.0.2.1'], allowedBundleIds: ['com.example'] }, 'ios'],
    [{ allowedBundleIds: ['com.example'], allowedApplications: [app] }, 'android'],
    [{ allowedApplications: [app], allowedReferrers: ['https://acme.example/*'] }, 'browser'],
  ]
  for (const [restrictions, kind] of kinds) {
    it(`is ${kind} for ${Object.keys(restrictions).join(' and ') || 'a key without any'}`, () => {
      assert.equal(clientRestrictionOf({ ...UNRESTRICTED, ...restrictions }), kind)
    })

    it(`makes no API restriction of ${Object.keys(restrictions).join(' and ') || 'nothing'}`, () => {
      const expected = restrictions.apiTargets === undefined ? 'none' : 'gemini-only'
      assert.equal(facts({ restrictions }).apiRestriction, expected)
    })
  }
})

describe('A list of clients', () => {
  const lists: readonly [field: 'allowedReferrers' | 'allowedIps', value: string, isOpen: boolean][] = [
    ['allowedReferrers', '*', true],
    ['allowedReferrers', ' * ', true],
    ['allowedReferrers', '**', true],
    ['allowedReferrers', '*.*', true],
    ['allowedReferrers', '*/*', true],
    ['allowedReferrers', '*.*/*', true],
    ['allowedReferrers', 'https://*', true],
    ['allowedReferrers', 'http://*/*', true],
    ['allowedReferrers', 'HTTPS://*.*/*', true],
    ['allowedReferrers', '*://*', true],
    ['allowedReferrers', 'http*://*/*', true],
    ['allowedReferrers', 'https://*:*/*', true],
    ['allowedReferrers', '*.acme.example', false],
    ['allowedReferrers', '*.acme.example/*', false],
    ['allowedReferrers', 'https://acme.example/*', false],
    ['allowedReferrers', 'https://*.acme.example/*', false],
    ['allowedReferrers', '*.com', false],
    ['allowedReferrers', '*/admin/*', false],
    ['allowedReferrers', 'https://*:8443/*', false],
    ['allowedReferrers', 'acme.example', false],
    ['allowedReferrers', '', false],
    ['allowedReferrers', '.', false],
    ['allowedIps', '0.0.0.0/0', true],
    ['allowedIps', '::/0', true],
    ['allowedIps', ' 10.1.2.3/0 ', true],
    ['allowedIps', '0.0.0.0', false],
    ['allowedIps', '0.0.0.0/1', false],
    ['allowedIps', '10.0.0.0/10', false],
    ['allowedIps', '2001:db8::/32', false],
    ['allowedIps', '::', false],
  ]
  for (const [field, value, isOpen] of lists) {
    it(`of ${field} with "${value}" ${isOpen ? 'admits any client' : 'restricts'}`, () => {
      const restrictions = { ...UNRESTRICTED, [field]: [value] }
      assert.equal(hasOpenClients(restrictions), isOpen)
      assert.equal(clientRestrictionOf(restrictions) === 'none', isOpen)
    })
  }

  it('admits any client if one of its values does', () => {
    const restrictions = { ...UNRESTRICTED, allowedReferrers: ['https://acme.example/*', '*'] }
    assert.equal(clientRestrictionOf(restrictions), 'none')
    assert.deepEqual(withoutOpenClients(restrictions), UNRESTRICTED)
  })

  it('stays as it is where it restricts', () => {
    const restrictions = { ...UNRESTRICTED, allowedIps: ['192.0.2.1'], allowedBundleIds: ['com.example'] }
    assert.deepEqual(withoutOpenClients(restrictions), restrictions)
  })

  it('shows its values, whatever they let in', () => {
    const allowedApplications = [{ sha1Fingerprint: 'AA:BB', packageName: 'com.example' }]
    const values = (restrictions: Partial<Restrictions>) =>
      allowedClientsOf({ ...UNRESTRICTED, ...restrictions }).values
    assert.deepEqual(values({ allowedReferrers: ['*'] }), ['*'])
    assert.deepEqual(values({ allowedIps: ['0.0.0.0/0', '::/0'] }), ['0.0.0.0/0', '::/0'])
    assert.deepEqual(values({ allowedApplications }), ['com.example AA:BB'])
    assert.deepEqual(values({ allowedBundleIds: ['com.example'] }), ['com.example'])
    assert.deepEqual(values({}), [])
  })

  it('never restricts more for another value', () => {
    const value = fc.constantFrom('*', 'https://*', 'acme.example', '*.acme.example/*', '')
    fc.assert(
      fc.property(fc.array(value), value, (values, another) => {
        const isOpen = (allowedReferrers: readonly string[]) =>
          hasOpenClients({ ...UNRESTRICTED, allowedReferrers })
        if (isOpen(values)) assert.ok(isOpen([...values, another]))
      }),
    )
  })
})

describe('The clients that are kept of a key', () => {
  const many = Array.from({ length: 1_200 }, (_none, at) => `https://host-${at}.example/*`)

  it('are all of them, as long as they are no more than some hundred', () => {
    const few = { ...UNRESTRICTED, allowedReferrers: many.slice(0, 250) }
    assert.equal(withFittingClients(few), few)
  })

  it('are as many as fit, and say how many there are', () => {
    const { allowedReferrers, clientCount } = withFittingClients({ ...UNRESTRICTED, allowedReferrers: many })
    assert.deepEqual(allowedReferrers, many.slice(0, allowedReferrers.length))
    assert.ok(allowedReferrers.length > 100 && allowedReferrers.join('').length <= 8_192)
    assert.equal(clientCount, 1_200)
  })

  for (const [list, open] of [
    ['allowedReferrers', '*'],
    ['allowedIps', '0.0.0.0/0'],
  ] as const) {
    it(`let everybody in as before, wherever that stands in ${list}`, () => {
      const kept = withFittingClients({ ...UNRESTRICTED, [list]: [...many, open] })
      assert.ok(hasOpenClients(kept))
      assert.equal(clientRestrictionOf(kept), 'none')
    })
  }

  it('are a restriction of the same kind, however long one of them is', () => {
    const long = 'x'.repeat(100_000)
    const app = { sha1Fingerprint: long, packageName: long }
    for (const [list, kind] of [
      [{ allowedReferrers: [long] }, 'browser'],
      [{ allowedIps: [long, '192.0.2.1'] }, 'server'],
      [{ allowedApplications: [app, app] }, 'android'],
      [{ allowedBundleIds: [long] }, 'ios'],
    ] as const) {
      const kept = withFittingClients({ ...UNRESTRICTED, ...list })
      assert.equal(clientRestrictionOf(kept), kind)
      assert.ok(JSON.stringify(kept).length < 20_000)
      assert.equal(kept.clientCount, Object.values(list)[0]?.length)
    }
  })
})
