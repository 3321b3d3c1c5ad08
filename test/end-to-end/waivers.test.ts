import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { delivered, digestsIn, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const KEYS = '[{id: one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago}]'

/** A waiver of each kind in each state on November 23; each has its state as its reason. */
const POLICY = `
deadlines:
  standard-key: {date: 2027-03-31, precision: day, status: announced, source: "https://example.com", checked: 2026-11-20,
                 reason: moved, approved-by: boss-1@example.com}
  dormant-key: {date: none, reason: moved until yesterday, approved-by: boss-2@example.com, until: 2026-11-22}
exclude:
  - {project: nobody-1, reason: excluded in vain, approved-by: boss-3@example.com, until: 2027-01-31}
exemptions:
  - {key: projects/2/locations/global/keys/one, rule: unrestricted-key, until: 2026-12-31, reason: exempt for long, approved-by: boss-4@example.com}
  - {key: projects/2/locations/global/keys/two, rule: unrestricted-key, until: 2026-12-07, reason: exempt for two weeks, approved-by: boss-5@example.com}
  - {key: projects/2/locations/global/keys/two, rule: standard-key, until: 2026-11-22, reason: exempt until yesterday, approved-by: boss-6@example.com}
known-gaps:
  - {subject: projects/2, missing: services, reason: known in vain, approved-by: boss-7@example.com, until: 2027-01-31}
`

describe('waivers', () => {
  it('are each listed with state, reason and approver, in the run record; the digest counts what holds', async () => {
    await inDirectory((directory) =>
      onStage(worldOf(KEYS), async ({ simulator, env }) => {
        const file = join(directory, 'policy.yaml')
        await writeFile(file, POLICY)
        const { record } = delivered(await runAt('2026-11-23T07:00:00Z', { ...env, AUDIT_POLICY: file }))
        const { holding = [], notices = [] } = record.policy
        const reported = [...holding, ...notices].map(({ state, reason, approvedBy }) => [
          state,
          reason,
          approvedBy,
        ])
        assert.deepEqual(reported.sort(), [
          ['ended', 'exempt until yesterday', 'boss-6@example.com'],
          ['ended', 'moved until yesterday', 'boss-2@example.com'],
          ['endingSoon', 'exempt for two weeks', 'boss-5@example.com'],
          ['holding', 'exempt for long', 'boss-4@example.com'],
          ['holding', 'moved', 'boss-1@example.com'],
          ['unmatched', 'excluded in vain', 'boss-3@example.com'],
          ['unmatched', 'known in vain', 'boss-7@example.com'],
        ])
        const digest = JSON.stringify(digestsIn(simulator)[0]?.blocks)
        for (const { reason, approvedBy } of notices)
          assert.ok(digest.includes(`${reason}; approved by ${approvedBy}`), reason)
        assert.match(digest, /2 exceptions in force/)
      }),
    )
  })
})
