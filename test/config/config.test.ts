import assert from 'node:assert/strict'
import { auditName, readConfig, readSettings } from '../../src/config/config.js'
import { OPTIONS, type OptionName } from '../../src/config/options.js'
import { ConfigError } from '../../src/errors.js'

const scope = 'organizations/9'

function problemsOf(env: Record<string, string>, flags: Partial<Record<OptionName, string>> = {}): string[] {
  return [...readSettings({ env, flags }).problems]
}

describe('the configuration', () => {
  it('has defaults that the contract fixes', () => {
    assert.deepEqual(readConfig({ env: { AUDIT_SCOPE: scope }, flags: {} }), {
      scope: ['organizations/9'],
      name: 'organizations-9',
      eventWindow: 10_000,
      inventory: 'auto',
      records: 'all',
      timeZone: 'UTC',
      pace: 90,
      timeBudget: 25 * 60 * 1000,
      logName: 'gemini-key-audit',
      slackApiUrl: 'https://slack.com/api/',
    })
  })

  it('takes a flag before a variable', () => {
    const config = readConfig({ env: { AUDIT_SCOPE: 'projects/other-1' }, flags: { scope } })
    assert.deepEqual(config.scope, [scope])
  })

  it('takes an empty variable as absent', () => {
    assert.equal(readConfig({ env: { AUDIT_SCOPE: scope, AUDIT_RECORDS: ' ' }, flags: {} }).records, 'all')
  })

  it('names every problem at once, with variable and flag', () => {
    const env = { AUDIT_PACE: '101', AUDIT_AS_OF: '2026-02-30', LOG_PROJECT: 'No!' }
    let error: unknown
    try {
      readConfig({ env, flags: {} })
    } catch (thrown) {
      error = thrown
    }
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.sentences, [
      `AUDIT_SCOPE (--scope) is required: ${OPTIONS.scope.description}`,
      'AUDIT_AS_OF (--as-of) must be a calendar day, YYYY-MM-DD, not "2026-02-30"',
      'AUDIT_PACE (--pace) must be a whole number from 1 to 100, or off, not "101"',
      'LOG_PROJECT (--log-project) must be a project ID, or none, not "No!"',
    ])
    for (const problem of error.sentences) assert.ok(error.message.includes(problem))
  })

  const allowed: [OptionName, string, unknown][] = [
    ['scope', 'organizations/1', ['organizations/1']],
    [
      'scope',
      'folders/7, projects/acme-web,projects/123',
      ['folders/7', 'projects/acme-web', 'projects/123'],
    ],
    ['scope', 'projects/example.com:old-app', ['projects/example.com:old-app']],
    ['scope', 'folders/7,folders/7', ['folders/7']],
    ['pace', '1', 1],
    ['pace', '100', 100],
    ['timeBudget', '90s', 90_000],
    ['timeBudget', '1h', 3_600_000],
    ['timeZone', 'Europe/Zurich', 'Europe/Zurich'],
    ['googleApiUrl', 'http://127.0.0.1:8085', 'http://127.0.0.1:8085'],
    ['googleApiUrl', 'http://localhost:8085/', 'http://localhost:8085'],
    ['googleApiUrl', 'http://[::1]:1', 'http://[::1]:1'],
    ['slackApiUrl', 'https://slack-gov.com/api/', 'https://slack-gov.com/api/'],
    ['slackApiUrl', 'http://127.0.0.1:8085/slack/api/', 'http://127.0.0.1:8085/slack/api/'],
    ['slackChannel', 'C0456', 'C0456'],
    ['logProject', 'none', 'none'],
    ['name', 'prod.2', 'prod.2'],
    ['scc', 'organizations/9/sources/5', 'organizations/9/sources/5'],
  ]
  for (const [name, text, value] of allowed) {
    it(`allows ${OPTIONS[name].variable}=${text}`, () => {
      const env = { AUDIT_SCOPE: scope, GOOGLE_API_URL: 'http://127.0.0.1:1', [OPTIONS[name].variable]: text }
      const read = readSettings({ env, flags: {} })
      assert.deepEqual(read.problems, [])
      assert.deepEqual(read.values[name], value)
    })
  }

  const refused: [OptionName, string][] = [
    ['scope', 'organizations/acme'],
    ['scope', 'organizations/9,'],
    ['scope', 'acme-web'],
    ['pace', '0'],
    ['pace', '9.5'],
    ['timeBudget', '0s'],
    ['timeBudget', '25'],
    ['timeZone', 'Mars/Olympus'],
    ['asOf', '2026-11-31'],
    ['inventory', 'Assets'],
    ['export', './exports'],
    ['scc', 'organizations/9'],
    ['scc', 'projects/acme/sources/5'],
    ['export', 's3://bucket/exports'],
    ['records', 'some'],
    ['googleApiUrl', 'http://example.com'],
    ['googleApiUrl', 'http://127.0.0.1:8085/prefix'],
    ['googleApiUrl', 'http://127.0.0.1.example.com'],
    ['slackApiUrl', 'https://slack.com/api'],
    ['slackApiUrl', 'http://slack.com/api/'],
    ['slackApiUrl', 'https://notslack.com/api/'],
    ['slackApiUrl', 'https://slack.com:8443/api/'],
    ['slackApiUrl', 'https://user@slack.com/api/'],
    ['slackChannel', '#security'],
    ['name', 'Prod'],
  ]
  for (const [name, text] of refused) {
    it(`refuses ${OPTIONS[name].variable}=${text}`, () => {
      const problems = problemsOf({ AUDIT_SCOPE: scope, [OPTIONS[name].variable]: text })
      assert.equal(problems.length, 1)
      assert.match(problems[0] ?? '', new RegExp(`^${OPTIONS[name].variable}[ ]`))
    })
  }

  it('wants a place for exports with them, apart from the archive', () => {
    const problems = (env: Record<string, string>) =>
      problemsOf({ AUDIT_SCOPE: scope, AUDIT_INVENTORY: 'export', ...env })
    assert.match(problems({})[0] ?? '', /^AUDIT_EXPORT \(--export\) is needed with AUDIT_INVENTORY=export/)
    const bucket = 'gs://bucket-1'
    assert.deepEqual(problems({ AUDIT_EXPORT: bucket }), [])
    for (const [place, archive, overlap] of [
      ['/a', '/b', false],
      ['/a', '/ab', false],
      ['/a', '/a', true],
      ['/a/b', '/a', true],
      ['/a', '/a/b/', true],
      ['', '/a', true],
      ['/a', '', true],
    ] as const) {
      const found = problems({ AUDIT_EXPORT: bucket + place, AUDIT_ARCHIVE: bucket + archive })
      assert.equal(found.length, overlap ? 1 : 0, `${place} and ${archive}`)
    }
    assert.deepEqual(problems({ AUDIT_EXPORT: bucket, AUDIT_ARCHIVE: './archive' }), [])
    assert.deepEqual(problemsOf({ AUDIT_SCOPE: scope, AUDIT_EXPORT: bucket, AUDIT_ARCHIVE: bucket }), [])
  })

  it('keeps findings out of the archive, and out of what is deleted', () => {
    const problems = (env: Record<string, string>) => problemsOf({ AUDIT_SCOPE: scope, ...env })
    assert.deepEqual(
      problems({ AUDIT_OCSF: 'gs://bucket-1/ocsf', AUDIT_ARCHIVE: 'gs://bucket-1/audits' }),
      [],
    )
    assert.deepEqual(
      problems({ AUDIT_OCSF: 'gs://bucket-1/audits/ocsf/', AUDIT_ARCHIVE: 'gs://bucket-1/audits' }),
      ['AUDIT_OCSF (--ocsf) must not overlap with AUDIT_ARCHIVE (--archive): an archive holds runs alone'],
    )
    assert.deepEqual(problems({ AUDIT_OCSF: 'gs://bucket-1', AUDIT_EXPORT: 'gs://bucket-1/exports' }), [
      'AUDIT_OCSF (--ocsf) must not overlap with AUDIT_EXPORT (--export): exports are deleted',
    ])
  })

  it('refuses to switch pacing off against the real Google', () => {
    assert.match(problemsOf({ AUDIT_SCOPE: scope, AUDIT_PACE: 'off' })[0] ?? '', /GOOGLE_API_URL/)
    assert.deepEqual(
      problemsOf({ AUDIT_SCOPE: scope, AUDIT_PACE: 'off', GOOGLE_API_URL: 'http://[::1]:1' }),
      [],
    )
  })

  it('wants a channel with a token, and never shows the token', () => {
    const problems = problemsOf({ AUDIT_SCOPE: scope, SLACK_BOT_TOKEN: 'xoxb-1-abc' })
    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /SLACK_CHANNEL \(--slack-channel\) is needed/)
    for (const token of ['xoxp-secret', 'xoxb-sec\nret', 'secret']) {
      const text = problemsOf({ AUDIT_SCOPE: scope, SLACK_BOT_TOKEN: token, SLACK_CHANNEL: 'C0456' }).join()
      assert.match(text, /SLACK_BOT_TOKEN must be a bot token/)
      assert.doesNotMatch(text, /sec/)
    }
  })

  it('does not repeat a password that stands in a URL', () => {
    const text = problemsOf({ AUDIT_SCOPE: scope, GOOGLE_API_URL: 'https://user:hunter2@example.com' }).join()
    assert.match(text, /GOOGLE_API_URL must be an origin/)
    assert.doesNotMatch(text, /hunter2/)
  })

  it('keeps the options that are right when others are wrong, so that a failed run can be recorded', () => {
    const { values } = readSettings({ env: { LOG_PROJECT: 'acme-security', AUDIT_PACE: 'x' }, flags: {} })
    assert.equal(values.logProject, 'acme-security')
    assert.equal(auditName(values), 'unconfigured')
  })

  it('makes a name from several scopes, and a digest where they are too many', () => {
    assert.equal(
      auditName({ scope: ['folders/1', 'projects/x.com:abc-1'] }),
      'folders-1_projects-x.com-abc-1',
    )
    const many = Array.from({ length: 20 }, (_, i) => `folders/${i}`)
    assert.match(auditName({ scope: many }), /^folders-0_folders-1.*-[0-9a-f]{12}$/)
    assert.equal(auditName({ scope: many }).length, 63)
    assert.notEqual(auditName({ scope: many }), auditName({ scope: [...many, 'folders/99'] }))
  })
})

describe('a secret in the wrong variable', () => {
  const misplaced: [string, string][] = [
    ['SLACK_CHANNEL', 'xoxb-11-SECRET'],
    ['SLACK_API_URL', 'https://example.com/api/?token=xoxb-5-SECRET'],
    ['GOOGLE_API_URL', 'http://127.0.0.1:1/?key=AIzaSySECRET123'],
    ['GOOGLE_API_URL', 'https://user:SECRET@example.com'],
    ['LOG_PROJECT', 'ya29.SECRET-token'],
    ['AUDIT_SCOPE', 'AQ.SECRETSECRET'],
  ]
  for (const [variable, value] of misplaced) {
    it(`is not repeated: ${variable}`, () => {
      const text = problemsOf({ AUDIT_SCOPE: scope, [variable]: value }).join('\n')
      assert.match(text, new RegExp(`^${variable}`, 'm'))
      assert.doesNotMatch(text, /SECRET/)
    })
  }

  it('is not repeated by the error either, wherever the problem comes from', () => {
    const error = new ConfigError('OPTION_WRONG', ['policy.yaml:3: owners.slack: not "xoxb-1-SECRET"'])
    assert.doesNotMatch(`${error.message} ${error.sentences.join()}`, /SECRET/)
  })
})

describe('the time budget', () => {
  it('is at most 24 hours, which timers can count', () => {
    assert.deepEqual(problemsOf({ AUDIT_SCOPE: scope, AUDIT_TIME_BUDGET: '24h' }), [])
    assert.equal(problemsOf({ AUDIT_SCOPE: scope, AUDIT_TIME_BUDGET: '25h' }).length, 1)
    assert.equal(problemsOf({ AUDIT_SCOPE: scope, AUDIT_TIME_BUDGET: '86401s' }).length, 1)
  })
})
