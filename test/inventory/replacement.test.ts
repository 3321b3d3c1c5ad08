import assert from 'node:assert/strict'
import { answering, pagesOf, type Read, read, UNAVAILABLE } from './reading.js'
import { projectWith } from './traffic-world.js'

const GEMINI = 'targets: [generativelanguage]'

const KEYS = [
  `{name: Search, ${GEMINI}, created: 400d ago, traffic: [{daily: 90, to: 9d ago}]}`,
  `{name: bot, ${GEMINI}, created: 20d ago, serviceAccountEmail: a@b.example, traffic: [{daily: 80, from: 8d ago}]}`,
  `{name: Chat, ${GEMINI}, traffic: [{daily: 4}]}`,
  `{name: other bot, ${GEMINI}, created: 9d ago, serviceAccountEmail: c@d.example}`,
].join(', ')

function guesses({ keys }: Read): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    [...keys].flatMap(([name, { replacement }]) => (replacement ? [[name, replacement.displayName]] : [])),
  )
}

describe('which auth key replaces a standard key', () => {
  for (const mode of ['auto', 'projects'] as const) {
    it(`is guessed from what is read anyway (${mode})`, async () => {
      const found = await read(projectWith(KEYS), { mode })
      assert.deepEqual(guesses(found), { Search: 'bot' })
      const alone = await read(projectWith('{name: Search, targets: [generativelanguage]}'), { mode })
      assert.deepEqual(found.requests, alone.requests)
    })
  }

  it('is guessed from all pages of a project together', async () => {
    const found = await read(projectWith(KEYS), { mode: 'projects', gates: [pagesOf(1)] })
    assert.deepEqual(guesses(found), { Search: 'bot' })
  })

  it('is not guessed from a part of a project’s keys: the rest may fit better', async () => {
    const failing = answering('apikeys.keys.list', UNAVAILABLE, 3)
    const found = await read(projectWith(KEYS), { mode: 'projects', gates: [pagesOf(1), failing] })
    assert.ok(found.keys.has('Search'))
    assert.deepEqual(guesses(found), {})
  })

  it('is not guessed where traffic cannot be read and no name says it', async () => {
    const found = await read(`${projectWith(KEYS)}\ndenied: [{read: traffic, project: with-gemini}]`)
    assert.deepEqual(guesses(found), {})
  })
})
