import { listBuckets, listSinks } from '../google/logconfig.js'
import type { Check } from './check.js'
import { bucketProjects, KEPT_DAYS, routing } from './log-routing.js'
import { outcomeOf, works } from './trial.js'

/** Writing records. */
export const entriesWrite: Check = {
  call: 'entries.write',
  actor: 'google',
  covers: [],
  needs: 'Writes the records; tried by a write that Cloud Logging checks and does not store.',
  otherwise: 'The run’s delivery fails: the function answers 500.',
  isNeeded: ({ log }) => log !== undefined,
  try: async ({ log }) => {
    if (log === undefined) return []
    const outcome = await outcomeOf(async () => {
      await log.rehearse()
      return works('would be taken')
    })
    return [{ on: `${log.project}/logs/${log.logName}`, outcome }]
  },
}

/** How long records are kept. */
export const retention: Check = {
  call: 'sinks.list, buckets.list',
  actor: 'google',
  covers: [],
  needs: `Shows that records lie in a log bucket of their own, for ${KEPT_DAYS} days at least, and not in _Default.`,
  otherwise:
    'Fails where they are kept for less; a warning where they lie in _Default as well, or nobody may look.',
  isNeeded: ({ log }) => log !== undefined,
  try: async ({ log, google }) => {
    if (log === undefined) return []
    const outcome = await outcomeOf(async () => {
      const sinks = await listSinks(google, log.project)
      const projects = new Set([log.project, ...bucketProjects(sinks)])
      const buckets = (await Promise.all([...projects].map((project) => listBuckets(google, project)))).flat()
      return routing(log, sinks, buckets)
    })
    return [{ on: `${log.project}/logs/${log.logName}`, outcome }]
  },
}
