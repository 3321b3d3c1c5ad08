/**
 * Many attempts in one process, as an instance of the function makes them; its parent gets how many objects each of
 * the later ones left behind. Started by what-stays.test.ts.
 */

import { queryObjects } from 'node:v8'
import { delivered, runAt } from './remembered.js'
import { NOW } from './stage.js'

/** The first runs load what the process keeps for good: packages, sockets, types of the API. */
const FIRST = 2
const LATER = 2

const { SLACK_BOT_TOKEN: _, ...withoutSlack } = process.env as Record<string, string>
const withoutLog = { ...process.env, LOG_PROJECT: 'none' } as Record<string, string>
let day = 0

/** What a collection of garbage leaves, for each of the later runs. */
async function left(env: Record<string, string>) {
  await runs(FIRST, env)
  const before = counted()
  await runs(LATER, env)
  const after = counted()
  return {
    objects: (after.objects - before.objects) / LATER,
    controllers: (after.controllers - before.controllers) / LATER,
    listeners: (after.listeners - before.listeners) / LATER,
  }
}

async function runs(count: number, env: Record<string, string>): Promise<void> {
  for (const end = day + count; day < end; day += 1) {
    delivered(await runAt(new Date(NOW.getTime() + day * 86_400_000).toISOString(), env))
  }
}

function counted() {
  return {
    objects: queryObjects(Object, { format: 'count' }),
    controllers: queryObjects(AbortController, { format: 'count' }),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}

process.send?.({ withoutLog: await left(withoutLog), withLog: await left(withoutSlack) })
process.disconnect()
