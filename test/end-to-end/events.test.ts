import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENABLE, type EventStage, KEYS, mapsWorld, OLD_MAPS, onFeed } from './event-stage.js'
import { inDirectory } from './remembered.js'
import { recordsIn } from './stage.js'

const UNRESTRICTED = { displayName: 'Quick test' }
const RESTRICTED = { restrictions: { apiTargets: [{ service: 'maps-backend.googleapis.com' }] } }
const GEMINI = 'maps-backend, generativelanguage'

describe('the function of single changes', () => {
  for (const form of ['push', 'binary', 'structured'] as const) {
    it(`tells in one message which old key the Gemini API was switched on over (${form})`, async () => {
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled, answers, reported }) => {
          await change('POST', ENABLE)
          await settled()
          assert.deepEqual(answers(), [204])
          const [message, ...others] = simulator.slackMessages()
          assert.deepEqual(others, [])
          assert.equal(message?.channel, 'C0456')
          const text = message?.text ?? ''
          assert.match(text, /^Gemini API switched on in maps-1 over Old maps, dormant, no API restriction\./)
          assert.match(text, /Old maps in maps-1 \(logistics\)/)
          assert.match(text, /To do: delete\./)
          const [event] = recordsIn(simulator, 'event')
          assert.equal(event.change, 'gemini-enabled')
          assert.equal(event.outcome, 'news')
          assert.equal(event.project.owner, 'logistics')
          assert.deepEqual(
            event.keys.map(({ verdict, action }: Record<string, string>) => [verdict, action]),
            [['overdue', 'retire']],
          )
          const [delivery] = recordsIn(simulator, 'delivery')
          assert.deepEqual(
            [delivery.to, delivery.result, delivery.message],
            ['slack:C0456', 'delivered', message?.ts],
          )
          assert.deepEqual(reported, [])
          assert.deepEqual(simulator.violations, [])
        },
        { form },
      )
    })
  }

  it('reads a project by one request for each fact, and nothing else', async () => {
    await onFeed(mapsWorld(), async ({ simulator, change, settled }) => {
      await change('POST', ENABLE)
      await settled()
      const google = [...simulator.requests].filter(
        ([name]) => !/^(slack|logging)\.|services\.enable/.test(name),
      )
      assert.deepEqual(Object.fromEntries(google), {
        'cloudresourcemanager.projects.get': 1,
        'cloudresourcemanager.folders.get': 1,
        'apikeys.keys.list': 1,
        'serviceusage.services.get': 1,
        'monitoring.timeSeries.list': 1,
        'orgpolicy.policies.getEffectivePolicy': 1,
      })
    })
  })

  it('tells of a new key that may call any API, before and after the Gemini API is on', async () => {
    for (const [services, said] of [
      ['maps-backend', /^New key in maps-1: Quick test, Gemini API is off in the project\./],
      [GEMINI, /^New key in maps-1: Quick test, no API restriction\./],
    ] as const) {
      await onFeed(mapsWorld('[]', services), async ({ simulator, change, settled }) => {
        await change('POST', `${KEYS}?keyId=quick`, UNRESTRICTED)
        await settled()
        assert.match(simulator.slackMessages()[0]?.text ?? '', said)
        const [event] = recordsIn(simulator, 'event')
        assert.deepEqual([event.change, event.keyCount], ['key-made', 1])
      })
    }
  })

  it('tells of an API restriction that was taken away, and of one that names the Gemini API since', async () => {
    const keys = '[{id: site, name: Site, targets: [maps-backend]}]'
    for (const [restrictions, said] of [
      [{}, /^API restriction removed: Site in maps-1 may now call any API\./],
      [
        { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] },
        /^Site in maps-1 may now call the Gemini API\./,
      ],
    ] as const) {
      await onFeed(mapsWorld(keys, GEMINI), async ({ simulator, change, settled }) => {
        await change('PATCH', `${KEYS}/site?updateMask=restrictions`, { restrictions })
        await settled()
        assert.match(simulator.slackMessages()[0]?.text ?? '', said)
      })
    }
  })

  it('tells of a new auth key without API restriction, and records one that is restricted', async () => {
    const serviceAccountEmail = 'chat@maps-1.iam.gserviceaccount.com'
    await onFeed(mapsWorld('[]', GEMINI), async ({ simulator, change, settled }) => {
      await change('POST', `${KEYS}?keyId=open`, { displayName: 'Chat', serviceAccountEmail })
      await settled()
      const restrictions = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] }
      await change('POST', `${KEYS}?keyId=narrow`, { serviceAccountEmail, restrictions })
      await settled()
      const [message, ...others] = simulator.slackMessages()
      assert.deepEqual(others, [])
      assert.match(message?.text ?? '', /^New key in maps-1: Chat, auth key without API restriction\./)
      assert.match(JSON.stringify(message?.blocks), /gcloud services api-keys update/)
      assert.deepEqual(
        recordsIn(simulator, 'event').map(({ outcome, keys: [key] }) => [outcome, key?.hygiene]),
        [
          ['news', ['auth-key-unrestricted']],
          ['harmless', undefined],
        ],
      )
      const asked = [...simulator.requests.keys()].filter((name) => /^(iam|cloudasset)\./.test(name))
      assert.deepEqual(asked, [])
    })
  })

  it('asks nothing and says nothing about what is of no matter to the Gemini API', async () => {
    await onFeed(mapsWorld(OLD_MAPS, GEMINI), async ({ simulator, change, settled, answers }) => {
      await change('POST', `${KEYS}?keyId=tiles`, { ...UNRESTRICTED, ...RESTRICTED })
      await change('PATCH', `${KEYS}/old-maps?updateMask=displayName`, { displayName: 'Older maps' })
      await change('PATCH', `${KEYS}/old-maps?updateMask=restrictions`, RESTRICTED)
      await change('DELETE', `${KEYS}/tiles`)
      await change('POST', '/v1/projects/maps-1/services/translate.googleapis.com:enable')
      await change('POST', '/v1/projects/maps-1/services/generativelanguage.googleapis.com:disable')
      simulator.feed?.publish(
        'You have successfully configured real time feed `organizations/99/feeds/keys`.',
        '2026-11-23T07:00:00Z',
      )
      await settled()
      assert.deepEqual(answers(), [204, 204, 204, 204, 204, 204, 204])
      assert.equal(simulator.requests.get('apikeys.keys.list'), undefined)
      assert.deepEqual([simulator.slackMessages(), simulator.logEntries()], [[], []])
    })
  })

  it('posts nothing of what is put right, or gone, by the time that it is read', async () => {
    const keys =
      '[{id: site, name: Site, targets: [maps-backend]}, {id: app, name: App, targets: [maps-backend]}]'
    const undone = async ({ simulator, change, settled }: EventStage) => {
      await change('PATCH', `${KEYS}/site?updateMask=restrictions`, { restrictions: {} })
      await change('PATCH', `${KEYS}/site?updateMask=restrictions`, RESTRICTED)
      await change('PATCH', `${KEYS}/app?updateMask=restrictions`, { restrictions: {} })
      await change('DELETE', `${KEYS}/app`)
      await settled()
      assert.deepEqual(simulator.slackMessages(), [])
      const events = recordsIn(simulator, 'event')
      assert.deepEqual(
        events.map(({ change: what, outcome, keys: its }) => [what, outcome, its]),
        [
          ['restriction-removed', 'harmless', []],
          ['restriction-removed', 'gone', []],
        ],
      )
    }
    await onFeed(mapsWorld(keys, GEMINI), undone, { window: 1_000 })
  })

  it('says nothing of a project that the policy excludes, or that is in no scope', async () => {
    const policy = `exclude: [{folder: folders/1001, reason: maps, approved-by: a@example.com, until: 2027-06-30}]`
    await inDirectory(async (folder) => {
      const file = join(folder, 'policy.yaml')
      await writeFile(file, policy)
      for (const [env, outcome] of [
        [{ AUDIT_POLICY: file }, 'excluded'],
        [{ AUDIT_SCOPE: 'folders/1002' }, 'outside'],
      ] as const) {
        await onFeed(
          mapsWorld(),
          async ({ simulator, change, settled, answers }) => {
            await change('POST', ENABLE)
            await settled()
            assert.deepEqual(answers(), [204])
            assert.deepEqual(simulator.slackMessages(), [])
            assert.deepEqual(
              recordsIn(simulator, 'event').map((event) => event.outcome),
              [outcome],
            )
          },
          { env },
        )
      }
    })
  })

  it('tells of a change that comes late, by the day on which it happened', async () => {
    const late = {
      asset: {
        name: '//apikeys.googleapis.com/projects/2/locations/global/keys/old-maps',
        assetType: 'apikeys.googleapis.com/Key',
        updateTime: '2026-11-20T23:30:00Z',
        resource: { data: { name: 'projects/2/locations/global/keys/old-maps', uid: 'x' } },
      },
      priorAssetState: 'DOES_NOT_EXIST',
    }
    await onFeed(mapsWorld(OLD_MAPS, GEMINI), async ({ simulator, settled }) => {
      simulator.feed?.publish(JSON.stringify(late), '2026-11-20T23:30:00Z')
      await settled()
      const [message] = simulator.slackMessages()
      assert.match(message?.text ?? '', /^New key in maps-1: Old maps, dormant, no API restriction\./)
      assert.match(
        JSON.stringify(message?.blocks),
        /Changed Nov 20 23:30 UTC, judged by what Google shows now/,
      )
      const [event] = recordsIn(simulator, 'event')
      assert.deepEqual([event.run, event.asOf], ['2026-11-20T23:30:00Z', '2026-11-23'])
    })
  })

  it('posts to the route of the owner, and calls whom the policy names', async () => {
    const policy = `
owners: {slack: {logistics: S0123ABCD}}
routes: [{owner: logistics, channel: C0789}]`
    await inDirectory(async (folder) => {
      const file = join(folder, 'policy.yaml')
      await writeFile(file, policy)
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled }) => {
          await change('POST', ENABLE)
          await change('POST', '/v2/projects/gemini-1/locations/global/keys?keyId=quick', UNRESTRICTED)
          await settled()
          const channels = simulator.slackMessages().map(({ channel, text }) => [channel, text.slice(0, 12)])
          assert.deepEqual(channels.sort(), [
            ['C0456', 'New key in g'],
            ['C0789', 'Gemini API s'],
          ])
          const [routed] = simulator.slackMessages().filter(({ channel }) => channel === 'C0789')
          assert.match(JSON.stringify(routed?.blocks), /"usergroup_id":"S0123ABCD"/)
        },
        { env: { AUDIT_POLICY: file } },
      )
    })
  })

  it('makes one message of a burst: the most urgent keys, with the steps for each in its thread', async () => {
    const keys = `[${Array.from({ length: 12 }, (_, at) => `{id: key-${at}, uid: uid-${at}, name: Key ${at}, created: ${400 + at}d ago}`).join(', ')}]`
    const together = async ({ simulator, change, settled }: EventStage) => {
      const quick = '/v2/projects/gemini-1/locations/global/keys?keyId=quick'
      const slow = '/v2/projects/gemini-1/locations/global/keys?keyId=slow'
      await Promise.all([
        change('POST', ENABLE),
        change('POST', quick, UNRESTRICTED),
        change('POST', slow, { displayName: 'Slow test' }),
      ])
      await settled()
      const [message, ...replies] = simulator.slackMessages()
      assert.ok(replies.every(({ threadTs }) => threadTs === message?.ts))
      assert.equal(replies.length, 10)
      assert.match(
        message?.text ?? '',
        /^Gemini API switched on in maps-1 over 12 keys; 2 new keys in gemini-1\. Most urgent: /,
      )
      assert.match(JSON.stringify(message?.blocks), /and 4 more in the records/)
      assert.equal(simulator.requests.get('apikeys.keys.list'), 2)
      assert.equal(recordsIn(simulator, 'event').length, 3)
    }
    await onFeed(mapsWorld(keys), together, { window: 1_000 })
  })
})
