import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { HYGIENE_TABLE } from '../../src/policy/hygiene.js'
import { judgedKey } from '../../src/policy/judged-key.js'
import type { JudgedKey } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Policy } from '../../src/policy/policy.js'
import { entryOf } from '../../src/records/entries.js'
import { type KeyRecord, keyRecord } from '../../src/records/key-record.js'
import { csv } from '../../src/report/csv.js'
import { digest } from '../../src/report/digest/digest.js'
import type { DigestFacts } from '../../src/report/digest/digest-facts.js'
import { groupOf } from '../../src/report/html/groups.js'
import { htmlReport } from '../../src/report/html/report.js'
import { hygieneText } from '../../src/report/hygiene-words.js'
import { ocsf } from '../../src/report/ocsf.js'
import { routedFacts } from '../../src/report/routed.js'
import { isHidden, securityCenterFindingsOf, unknownOf } from '../../src/report/security-center-finding.js'
import { table, tableReport } from '../../src/report/table.js'
import { affectedOf } from '../affected.js'
import { assertGolden } from '../golden.js'
import { AUTH, account } from '../policy/hygiene-situations.js'
import { type Difference, day, observation, targets } from '../policy/keys.js'
import { findingsIn } from './ocsf-forms.js'
import { gathered, judged, NO_POLICY, RUN, runOf } from './samples.js'

const PRIVILEGED = {
  reach: 'owner',
  roles: [{ role: 'roles/editor', on: 'projects/123' }],
} as const

function key(id: string, difference: Difference, policy: Policy = builtInPolicy()): JudgedKey {
  const name = `projects/123/locations/global/keys/${id}`
  const key = { ...AUTH.key, ...difference.key, name, uid: `uid-${id}`, displayName: id }
  return judgedKey(observation({ ...AUTH, ...difference, key }), policy, RUN.asOf, 'UTC')
}

const EXEMPTING: Policy = {
  ...builtInPolicy(),
  exemptions: [
    {
      kind: 'exemption',
      subject: 'projects/acme-web',
      rules: ['auth-key-account-shared'],
      until: day('2026-12-31'),
      reason: 'one program',
      approvedBy: 'ciso@example.com',
    },
  ],
}

const disabled = key('Billing bot', { account: account({ state: 'disabled' }) })
const twofold = key('Agents', { account: account(PRIVILEGED), restrictions: {} })
const shared = key('Evals', { account: account({ keys: 2 }) }, EXEMPTING)
const unknown = key('Notes', { account: account({ reach: 'unknown' }) })
const fine = key('Chat', {})
const overdue = judged()
const ALL = [disabled, twofold, shared, unknown, fine, overdue]

const recordsOf = (keys: readonly JudgedKey[]) => keys.map((each) => keyRecord(each, RUN))

function factsOf(keys: readonly JudgedKey[]): DigestFacts {
  const affected = affectedOf(recordsOf(keys).filter(({ verdict }) => verdict === 'overdue'))
  return { run: runOf(keys), affected, gaps: gathered([]).records(RUN), policy: NO_POLICY }
}

async function* each<Value>(values: Iterable<Value>) {
  yield* values
}

const LINE =
  '2 auth keys to look at, some for several reasons: 1 cannot work (account disabled) · 1 acts with wide rights · 1 without API restriction. The account of 1 auth key is not fully known'

describe('What is to be looked at', () => {
  it('is counted by row and by key; what is exempt is not', () => {
    const { hygiene, toLookAt, accountUnknown, verdict } = runOf(ALL).counts
    assert.deepEqual(
      Object.entries(hygiene ?? {}).filter(([, count]) => count > 0),
      [
        ['auth-key-account-disabled', 1],
        ['auth-key-account-privileged', 1],
        ['auth-key-unrestricted', 1],
      ],
    )
    assert.deepEqual(toLookAt, { compliant: 2 })
    assert.equal(accountUnknown, 1)
    assert.equal(verdict.compliant, 5)
  })

  it('is one line, which adds nothing up that is not one key', () => {
    assert.equal(hygieneText(runOf(ALL)), LINE)
    assert.equal(hygieneText(runOf([disabled])), '1 auth key to look at: cannot work (account disabled)')
    assert.equal(hygieneText(runOf([fine, shared, overdue])), undefined)
  })

  it('does not hide keys whose accounts are not fully known, whatever was found of others', () => {
    const another = key('Drafts', { account: account({ state: 'unknown' }) })
    assert.equal(hygieneText(runOf([fine, unknown])), 'The account of 1 auth key is not fully known')
    assert.equal(
      hygieneText(runOf([unknown, another, disabled])),
      '1 auth key to look at: cannot work (account disabled). The accounts of 2 auth keys are not fully known',
    )
  })

  it('of standard keys is said of keys, not of auth keys', () => {
    const asking: Policy = { ...builtInPolicy(), hygiene: ['standard-key-unrestricted'] }
    const standard = judgedKey(observation({ gemini: 'off' }), asking, RUN.asOf, 'UTC')
    assert.equal(
      hygieneText(runOf([standard, disabled])),
      '2 keys to look at: 1 cannot work (account disabled) · 1 standard key without API restriction, Gemini API off',
    )
  })

  it('comes after everything that a deadline asks in the digest, and in its sentences', () => {
    const { message } = digest(factsOf(ALL))
    const text = JSON.stringify(message.parts)
    assert.ok(text.indexOf(LINE) > text.indexOf('affected: '), text)
    assert.ok(text.indexOf(LINE) > text.indexOf('Most urgent'), text)
    assert.ok(text.indexOf(LINE) < text.indexOf('6 keys in '), text)
    assert.ok(message.text.includes(`${LINE}.`))
    assert.ok(message.text.indexOf(LINE) > message.text.indexOf('overdue'))
    assert.ok(!JSON.stringify(digest(factsOf([fine, overdue]))).includes('to look at'))
  })

  it('of a route is that of its own keys', async () => {
    const away = key('Elsewhere', {
      project: { id: 'acme-shop', number: '9' },
      account: account({ keys: 3 }),
    })
    const facts = await routedFacts(
      factsOf([...ALL, away]),
      [{ by: 'project', subject: 'projects/acme-shop', channel: 'C1' }],
      each(recordsOf([...ALL, away])),
    )
    assert.equal(hygieneText(facts.run), '1 auth key to look at: shares an account')
    assert.deepEqual(facts.run.counts, runOf([away]).counts)
  })

  it('stands on a terminal below the news, and with a mark and what to do in the table of all keys', () => {
    const facts = factsOf(ALL)
    const text = tableReport({ ...facts, record: facts.run, keys: [] }, { width: 0, color: false })
    assert.ok(text.includes(LINE))
    const which = 'Which keys are to be looked at, why, and what to do: --report FILE, or --output csv=FILE'
    assert.ok(text.indexOf(which) > text.indexOf(LINE), text)
    const quiet = factsOf([fine, overdue])
    const without = tableReport({ ...quiet, record: quiet.run, keys: [] }, { width: 0, color: false })
    assert.ok(!without.includes(which))
    const lines = table(recordsOf([disabled, fine]), { width: 0, color: false }).split('\n')
    assert.match(
      lines.find((line) => line.includes('Billing bot')) ?? '',
      /│ ! │.*enable account.*cannot work/,
    )
    assert.match(lines.find((line) => line.includes('Chat')) ?? '', /│ ✓ │.*│ – /)
  })

  it('stands in the CSV: what is open, what is exempt and until when, why, and what to do', async () => {
    let text = ''
    for await (const part of csv(recordsOf(ALL))) text += part
    const rows: Record<string, string>[] = parse(text, { columns: true })
    const row = (name: string) => rows.find(({ displayName }) => displayName === name) ?? {}
    assert.equal(row('Agents')['hygiene'], 'auth-key-account-privileged auth-key-unrestricted')
    assert.match(row('Agents')['hygieneBecause'] ?? '', /roles\/editor on projects\/123.*no API restriction/)
    assert.match(row('Agents')['hygieneCommands'] ?? '', /api-keys create .*\n(.*\n)*.*api-keys delete /)
    assert.match(row('Agents')['controls'] ?? '', /4\.0\.0 1\.5; .*; .*4\.0\.0 1\.14/)
    assert.equal(row('Evals')['hygiene'], '')
    assert.equal(row('Evals')['hygieneExempt'], 'auth-key-account-shared 2026-12-31')
    assert.equal(row('Billing bot')['accountState'], 'disabled')
    assert.equal(row('Agents')['accountRoles'], 'roles/editor on projects/123')
    assert.equal(row('Chat')['hygiene'], '')
  })

  it('makes the entry in Cloud Logging as loud as the worst of it, exempt ones aside', () => {
    const severities = recordsOf(ALL).map((record) => entryOf(record).severity)
    assert.deepEqual(severities, ['ERROR', 'WARNING', 'INFO', 'INFO', 'INFO', 'ERROR'])
    const loud = (keys: readonly JudgedKey[]) => entryOf(runOf(keys)).severity
    assert.deepEqual([loud([disabled]), loud([overdue])], ['INFO', 'ERROR'])
  })

  it('is what the impact on the owner says of a key that cannot work', () => {
    assert.equal(
      disabled.impact,
      'No deadline stops this auth key, but it cannot work: its account is disabled.',
    )
    assert.match(twofold.impact, /^Nothing stops: this is an auth key/)
  })

  it('is a finding each in OCSF, of its own severity, and suppressed where exempt', async () => {
    let text = ''
    for await (const part of ocsf(runOf(ALL), each(recordsOf(ALL)), [])) text += part
    const found = findingsIn(text).map(({ status_code, status, severity, finding_info }) => [
      finding_info.uid.split('/').slice(5).join('/'),
      `${status_code}, ${status}, ${severity}`,
    ])
    assert.deepEqual(found, [
      ['Billing bot/auth-key-account-disabled', 'to-look-at, New, High'],
      ['Agents/auth-key-account-privileged', 'to-look-at, New, Medium'],
      ['Agents/auth-key-unrestricted', 'to-look-at, New, Medium'],
      ['Evals/auth-key-account-shared', 'exempt, Suppressed, Low'],
      ['abc', 'overdue, New, High'],
    ])
    const [first] = findingsIn(text)
    assertGolden('report/ocsf-hygiene.json', `${JSON.stringify(first, null, 2)}\n`)
  })

  it('is a finding each in Security Command Center, of a category of its own', () => {
    const findings = recordsOf(ALL).flatMap(securityCenterFindingsOf)
    assert.deepEqual(
      findings.map(({ category, severity, isMuted = false }) => [category, severity, isMuted]),
      [
        ['API_KEY_HYGIENE_AUTH_KEY_ACCOUNT_DISABLED', 'HIGH', false],
        ['API_KEY_HYGIENE_AUTH_KEY_ACCOUNT_PRIVILEGED', 'MEDIUM', false],
        ['API_KEY_HYGIENE_AUTH_KEY_UNRESTRICTED', 'MEDIUM', false],
        ['API_KEY_HYGIENE_AUTH_KEY_ACCOUNT_SHARED', 'LOW', true],
        ['GEMINI_API_KEY_UNRESTRICTED_KEY', 'HIGH', false],
      ],
    )
    assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length)
  })

  it('of an account that is not known may still be there, of what else is known it is gone', () => {
    const [of] = recordsOf([unknown]).map(unknownOf)
    assert.equal(of, 'account')
    assert.ok(isHidden('auth-key-account-privileged', of))
    assert.ok(!isHidden('auth-key-unrestricted', of))
    assert.ok(!isHidden('unrestricted-key', of))
    assert.ok(!isHidden('auth-key-account-privileged', recordsOf([fine]).map(unknownOf)[0]))
    assert.ok(isHidden('unrestricted-key', 'all'))
  })

  it('is a group of the report and a tile, with each row that occurs as a choice', async () => {
    const facts = factsOf(ALL)
    const records = recordsOf(ALL)
    let page = ''
    const shown = { affectedKeys: records.filter(({ verdict }) => verdict === 'overdue'), keys: records }
    for await (const part of htmlReport({ ...facts, ...shown })) page += part
    assert.match(page, /<a class="tile to-look-at" href="#show=to-look-at">.*<strong>2<\/strong>/)
    assert.ok(
      page.includes(`<option value="auth-key-unrestricted">${HYGIENE_TABLE['auth-key-unrestricted'].title}`),
    )
    assert.ok(!page.includes('<option value="auth-key-open-clients">'))
    assert.ok(page.includes(LINE))
    const groups = records.filter((each: KeyRecord) => each.verdict === 'compliant').map(groupOf)
    assert.deepEqual(groups, ['to-look-at', 'to-look-at', 'off', 'off', 'off'])
  })

  it('ends with whom to ask, where the policy says it', () => {
    const asked = key('Chat', { account: account({ keys: 2 }) }, { ...builtInPolicy(), contact: '#security' })
    const [finding] = keyRecord(asked, RUN).hygiene ?? []
    assert.equal(finding?.steps.at(-1)?.say, 'Questions and objections: #security')
    const [unasked] = keyRecord(key('Chat', { account: account({ keys: 2 }) }), RUN).hygiene ?? []
    assert.doesNotMatch(JSON.stringify(unasked), /Questions/)
  })

  it('is never said of a key that a deadline asks something of', () => {
    const both = judgedKey(
      observation({
        restrictions: { apiTargets: targets('generativelanguage.googleapis.com'), allowedIps: ['::/0'] },
      }),
      { ...builtInPolicy(), hygiene: ['standard-key-unrestricted'] },
      RUN.asOf,
      'UTC',
    )
    assert.equal(keyRecord(both, RUN).verdict, 'overdue')
    assert.ok(!('hygiene' in keyRecord(both, RUN)))
  })
})
