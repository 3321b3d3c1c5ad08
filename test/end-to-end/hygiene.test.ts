import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Simulator } from '../../simulator/simulator.js'
import type { World } from '../../simulator/world/world.js'
import { periodOf } from '../../src/history/period-reader.js'
import type { JudgedRunRecord } from '../../src/records/run-record.js'
import { day, instant } from '../report/samples.js'
import { archiveIn, delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const SOURCE = 'organizations/99/sources/5'
const BOT = 'bot@gemini-1.iam.gserviceaccount.com'

/** One auth key; the account to which it is bound, and what is said of that. */
function world({ state = 'active', editor = false, denied = false, gap = false } = {}): World {
  const key = `{id: one, created: 9d ago, targets: [generativelanguage], serviceAccountEmail: ${BOT}}`
  return worldOf(`[${key}]`, {
    projects: gap
      ? '  - {id: gemini-2, number: 3, services: [generativelanguage], keys: [{id: two, targets: [generativelanguage]}]}'
      : '',
    more: `
sources: [5]
serviceAccounts: [{email: ${BOT}, state: ${state}}]
${editor ? `bindings: [{role: roles/editor, project: gemini-1, members: ["serviceAccount:${BOT}"]}]` : ''}
${denied ? 'denied: [{read: accounts}, {read: bindings}]' : ''}
${gap ? 'denied: [{read: keys, project: gemini-2}]' : ''}`,
  })
}

type On = (day: string, now?: World) => Promise<JudgedRunRecord>

/** Runs on days, in a world that changes, and a simulator that knows what day it is. */
async function fromDayToDay(
  settings: Readonly<Record<string, string>>,
  use: (on: On, simulator: Simulator) => Promise<void>,
): Promise<void> {
  let time = '2026-11-23T07:00:00Z'
  await onStage(
    world(),
    async ({ simulator, env }) => {
      const on: On = async (day, now) => {
        time = `${day}T07:00:00Z`
        if (now !== undefined) simulator.world = now
        return delivered(await runAt(time, { ...env, AUDIT_NAME: 'small', ...settings })).record
      }
      await use(on, simulator)
    },
    { now: () => new Date(time) },
  )
}

const hygieneOf = ({ counts }: JudgedRunRecord) =>
  Object.entries(counts.hygiene ?? {})
    .filter(([, count]) => count > 0)
    .map(([id, count]) => `${id}: ${count}`)

const textsOf = ({ slackMessages }: Simulator) =>
  slackMessages()
    .filter((message) => !('thread_ts' in message))
    .map(({ text }) => text ?? '')

const findingsOf = ({ findings }: Simulator) =>
  [...findings.values()].map(({ category, state, mute }) =>
    [category, state, mute === 'MUTED' ? 'MUTED' : 'UNMUTED'].join(' '),
  )

describe('What is to be looked at, from day to day', () => {
  it('is news on the day on which it is more, and none on the next', async () => {
    await inDirectory((archive) =>
      fromDayToDay({ AUDIT_ARCHIVE: archive }, async (on, simulator) => {
        const tuesday = await on('2026-11-24', world())
        assert.deepEqual(hygieneOf(tuesday), [])
        const wednesday = await on('2026-11-25', world({ state: 'disabled' }))
        assert.deepEqual(hygieneOf(wednesday), ['auth-key-account-disabled: 1'])
        assert.equal(wednesday.changes.moreToLookAt, 1)
        assert.equal(wednesday.changes.quietSince, undefined)
        assert.equal(wednesday.counts.verdict.compliant, 1)
        const thursday = await on('2026-11-26', world({ state: 'disabled' }))
        assert.equal(thursday.changes.moreToLookAt, undefined)
        assert.equal(thursday.changes.quietSince, '2026-11-25')
        const [, then = '', now = ''] = textsOf(simulator)
        assert.match(then, /1 auth key to look at: cannot work \(account disabled\)/)
        assert.match(now, /Nothing new\./)
        assert.doesNotMatch(now, /to look at/)
      }),
    )
  })

  it('is no news where accounts can only be read again', async () => {
    await inDirectory((archive) =>
      fromDayToDay({ AUDIT_ARCHIVE: archive }, async (on) => {
        await on('2026-11-24', world({ editor: true }))
        const unread = await on('2026-11-25', world({ editor: true, denied: true }))
        assert.deepEqual([hygieneOf(unread), unread.counts.accountUnknown], [[], 1])
        const again = await on('2026-11-26', world({ editor: true }))
        assert.deepEqual(hygieneOf(again), ['auth-key-account-privileged: 1'])
        assert.equal(again.changes.moreToLookAt, undefined)
        const more = await on('2026-11-27', world({ editor: true, state: 'disabled' }))
        assert.equal(more.changes.moreToLookAt, 1)
      }),
    )
  })

  it('is an error of its key in Cloud Logging, and none of the run', async () => {
    await fromDayToDay({ AUDIT_RECORDS: 'relevant' }, async (on, simulator) => {
      await on('2026-11-24', world({ state: 'disabled' }))
      const severities = simulator
        .logEntries()
        .map(({ labels, severity }) => `${labels?.['record']} ${severity}`)
      assert.ok(severities.includes('key ERROR'), severities.join())
      assert.ok(severities.includes('run INFO'), severities.join())
    })
  })

  it('stays in Security Command Center while the account cannot be read, and ends once it is well', async () => {
    await fromDayToDay({ AUDIT_SCC: SOURCE }, async (on, simulator) => {
      const findingsOn = async (day: string, now: World) => {
        await on(day, now)
        return findingsOf(simulator)
      }
      const privileged = 'API_KEY_HYGIENE_AUTH_KEY_ACCOUNT_PRIVILEGED'
      assert.deepEqual(await findingsOn('2026-11-24', world({ editor: true })), [
        `${privileged} ACTIVE UNMUTED`,
      ])
      assert.deepEqual(await findingsOn('2026-11-25', world({ denied: true })), [
        `${privileged} ACTIVE UNMUTED`,
      ])
      assert.deepEqual(await findingsOn('2026-11-26', world()), [`${privileged} INACTIVE UNMUTED`])
    })
  })

  it('that the policy exempts is muted, not counted, and its exemption is in use', async () => {
    await inDirectory(async (directory) => {
      const policy = join(directory, 'policy.yaml')
      const exempt = (rule: string, until: string) =>
        `{project: gemini-1, rule: ${rule}, until: ${until}, reason: builds, approved-by: ciso@small.example}`
      await writeFile(
        policy,
        `exemptions:
  - ${exempt('auth-key-account-privileged', '2026-12-01')}
  - ${exempt('auth-key-account-shared', '2027-01-31')}
`,
      )
      await fromDayToDay({ AUDIT_SCC: SOURCE, AUDIT_POLICY: policy }, async (on, simulator) => {
        const record = await on('2026-11-24', world({ editor: true }))
        assert.deepEqual(hygieneOf(record), [])
        assert.deepEqual(record.policy.exemptions, { holding: 0, endingSoon: 1, ended: 0, unmatched: 1 })
        assert.deepEqual(findingsOf(simulator), ['API_KEY_HYGIENE_AUTH_KEY_ACCOUNT_PRIVILEGED ACTIVE MUTED'])
      })
    })
  })

  const OFF = '[{id: one, created: 400d ago}, {id: two, created: 400d ago, targets: [generativelanguage]}]'
  const off = (more = '') => worldOf(OFF, { api: false, more })
  const ASKING = 'hygiene: {standard-key-unrestricted: on}'

  async function whereItIsOff(text: string, now: World, inventory = 'auto') {
    return inDirectory(async (directory) => {
      const policy = join(directory, 'policy.yaml')
      await writeFile(policy, text)
      let found: readonly [JudgedRunRecord, number] | undefined
      await fromDayToDay({ AUDIT_POLICY: policy, AUDIT_INVENTORY: inventory }, async (on, simulator) => {
        const record = await on('2026-11-24', now)
        found = [record, simulator.requests.get('apikeys.keys.list') ?? 0]
      })
      assert.ok(found !== undefined)
      return found
    })
  }

  it('on standard keys where the Gemini API is off is read where the policy asks for it, and only there', async () => {
    for (const inventory of ['auto', 'projects']) {
      const [asked] = await whereItIsOff(ASKING, off(), inventory)
      assert.deepEqual(hygieneOf(asked), ['standard-key-unrestricted: 1'], inventory)
      assert.deepEqual(asked.counts.toLookAt, { latent: 1 })
      assert.equal(asked.counts.keys, 2)
    }
    const [unasked, requests] = await whereItIsOff('', off())
    assert.deepEqual(hygieneOf(unasked), [])
    assert.equal(requests, 0)
  })

  it('that cannot be read there makes no run incomplete, and is said', async () => {
    const [record] = await whereItIsOff(ASKING, off('denied: [{read: keys, project: gemini-1}]'))
    assert.deepEqual(hygieneOf(record), [])
    assert.deepEqual([record.outcome, record.counts.verdict.latent], ['complete', 2])
    assert.match(
      record.coverage.reading?.join() ?? '',
      /could not be read in 1 project where the Gemini API is off/,
    )
  })

  it('of a period is closed also by a run that could not read another project', async () => {
    await inDirectory((archive) =>
      fromDayToDay({ AUDIT_ARCHIVE: archive }, async (on) => {
        await on('2026-11-24', world({ editor: true, gap: true }))
        const { outcome } = await on('2026-11-25', world({ gap: true }))
        assert.equal(outcome, 'incomplete')
        const { hygiene } = await periodOf(
          archiveIn(archive),
          'small',
          { since: day('2026-11-01') },
          instant('2026-11-27T07:00:00Z'),
        )
        assert.deepEqual(hygiene, [{ id: 'auth-key-account-privileged', open: 0, opened: 0, closed: 1 }])
      }),
    )
  })

  it('of a period is what is open by owner, and what was opened and closed', async () => {
    await inDirectory((archive) =>
      fromDayToDay({ AUDIT_ARCHIVE: archive }, async (on) => {
        await on('2026-11-24', world())
        await on('2026-11-25', world({ state: 'disabled', editor: true }))
        await on('2026-11-26', world({ editor: true }))
        const { hygiene } = await periodOf(
          archiveIn(archive),
          'small',
          { since: day('2026-11-01') },
          instant('2026-11-27T07:00:00Z'),
        )
        assert.deepEqual(hygiene, [
          { id: 'auth-key-account-disabled', open: 0, opened: 1, closed: 1 },
          { id: 'auth-key-account-privileged', open: 1, opened: 1, closed: 0 },
        ])
      }),
    )
  })
})
