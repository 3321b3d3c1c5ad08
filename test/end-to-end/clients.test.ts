import assert from 'node:assert/strict'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { worldOf } from './remembered.js'
import { NOW, onStage } from './stage.js'

/** The keys of one project with the Gemini API, by their names, as a run records them. */
async function recordsOf(keys: string): Promise<ReadonlyMap<string, KeyRecord>> {
  const found = new Map<string, KeyRecord>()
  await onStage(worldOf(keys), async ({ env }) => {
    const { run } = await attempt({ flags: {}, env }, { now: () => NOW, deliver: false })
    assert.ok(run.kind === 'judged')
    for await (const record of keysOf(run)) found.set(record.key.displayName ?? '', record)
  })
  return found
}

const commands = ({ remedy }: KeyRecord) => remedy.steps.flatMap(({ command = [] }) => command)

describe('a key whose list of clients', () => {
  const gemini = 'apiTargets: [{service: generativelanguage.googleapis.com}]'
  const lists = {
    referrers: `{name: referrers, created: 200d ago, restrictions: {${gemini}, browserKeyRestrictions: {allowedReferrers: ["https://*"]}}, traffic: [{daily: 70}]}`,
    addresses: `{name: addresses, created: 200d ago, restrictions: {serverKeyRestrictions: {allowedIps: ["192.0.2.9", "::/0"]}}, traffic: [{daily: 50}]}`,
    own: `{name: own, created: 200d ago, restrictions: {${gemini}, serverKeyRestrictions: {allowedIps: ["192.0.2.9"]}}, traffic: [{daily: 50}]}`,
  }
  let records: ReadonlyMap<string, KeyRecord>
  const named = (name: string) => records.get(name) ?? assert.fail(`${name} was not read`)

  before(async () => {
    records = await recordsOf(`[${Object.values(lists).join(', ')}]`)
  })

  it('lets everybody in counts as without client restriction, and its values are shown', () => {
    for (const [name, allowedClients] of [
      ['referrers', ['https://*']],
      ['addresses', ['192.0.2.9', '::/0']],
    ] as const) {
      const { key, notes } = named(name)
      assert.equal(key.clientRestriction, 'none')
      assert.deepEqual(key.allowedClients, allowedClients)
      assert.deepEqual(notes, ['open-client-restriction'])
      assert.equal(key.ageDays, 200)
    }
  })

  it('lets everybody in is passed on to no new key, and says nothing of where the key lies', () => {
    for (const name of ['referrers', 'addresses']) {
      assert.equal(named(name).remedy.action, 'migrate')
      const created = commands(named(name)).filter((command) => command.includes('api-keys create'))
      assert.equal(created.length, 1)
      assert.doesNotMatch(created.join(), /--allowed-/)
    }
  })

  it('restricts is passed on', () => {
    const { key, notes } = named('own')
    assert.equal(key.clientRestriction, 'server')
    assert.deepEqual(notes, [])
    assert.match(commands(named('own')).join('\n'), /api-keys create .*--allowed-ips=192\.0\.2\.9/)
  })
})

describe('a key that Firebase has made', () => {
  const key = (name: string, targets: string, traffic: string) =>
    `{name: "${name} (auto created by Firebase)", created: 900d ago, targets: [${targets}], traffic: [${traffic}]}`
  const OTHERS = '{service: identitytoolkit, daily: 500}'

  it('for an app loses the Gemini API, by a command that can be undone, and no name is taken for certain', async () => {
    const records = await recordsOf(
      `[${key('Browser key', 'identitytoolkit, securetoken, generativelanguage', `${OTHERS}, {daily: 40}`)}, ${key('iOS key', 'identitytoolkit, generativelanguage', OTHERS)}]`,
    )
    const calling = records.get('Browser key (auto created by Firebase)') ?? assert.fail()
    const quiet = records.get('iOS key (auto created by Firebase)') ?? assert.fail()
    assert.deepEqual([calling.remedy.action, quiet.remedy.action], ['move-to-backend', 'restrict'])
    for (const record of [calling, quiet]) {
      const [taken, undone] = commands(record).filter((command) => command.includes('api-keys update'))
      assert.doesNotMatch(taken ?? '', /generativelanguage/)
      assert.match(taken ?? '', /--api-target=service=identitytoolkit\.googleapis\.com/)
      assert.match(undone ?? '', /--api-target=service=generativelanguage\.googleapis\.com/)
      assert.match(JSON.stringify(record.remedy), /a guess, since anybody can give a key this name/)
    }
  })

  it('for the Gemini API itself is left alone', async () => {
    const records = await recordsOf(
      `[${key('Gemini Developer API key', 'generativelanguage', '{daily: 40}')}]`,
    )
    const [record = assert.fail()] = records.values()
    assert.equal(record.remedy.action, 'provider-managed')
    assert.deepEqual(commands(record), [])
  })
})
