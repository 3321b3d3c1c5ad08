import { readWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'

/** The run before, and the run that meets the fault: a Tuesday, whose thread has no chart. */
export const BEFORE = '2026-11-23T07:00:00Z'
export const TODAY = '2026-11-24T07:00:00Z'

/** Parts of everything secret: nothing that anybody gets may hold it. */
export const MARK = 'MARKED'
export const SLACK_TOKEN = `xoxb-${MARK}-0123456789`
export const KEY_STRING = `AIzaSy${MARK}-0123456789_0123456789_01234`

export const POLICY = `
contact: "#security-help"
owners: {labels: [owner]}
exemptions:
  - {key: projects/3/locations/global/keys/bot, rule: [unrestricted-key, dormant-key, standard-key], reason: frozen, approved-by: ciso@small.example, until: 2026-12-31}
`

const WORLD = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
folders: [{number: 7, name: web}, {number: 8, name: old}]
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, logging]}
  - id: gemini-1
    number: 2
    labels: {owner: payments}
    services: [generativelanguage, maps-backend]
    keys:
      - {id: chat, name: Chat, traffic: [{daily: 7}]}
      - {id: bound, name: Bound, targets: [generativelanguage], serviceAccountEmail: bot@gemini-1.iam.gserviceaccount.com}
      - {id: only, name: Only Gemini, targets: [generativelanguage]}
      - {id: maps, name: Maps, targets: [maps-backend]}
  - {id: gemini-2, number: 3, folder: 7, services: [generativelanguage], keys: [{id: bot, name: Bot}, {id: bound-2, name: Bound 2, targets: [generativelanguage], serviceAccountEmail: bot@gemini-2.iam.gserviceaccount.com}]}
  - {id: latent-1, number: 4, folder: 7, keys: [{id: sleeper, name: Sleeper}]}
  - {id: asked-1, number: 5, keys: [{id: asked, name: Asked, targets: [generativelanguage]}]}
bindings:
  - {role: roles/editor, project: gemini-1, members: ["serviceAccount:bot@gemini-1.iam.gserviceaccount.com"]}
  - {role: roles/viewer, folder: 7, members: ["serviceAccount:bot@gemini-2.iam.gserviceaccount.com"]}
slack:
  channels: [{id: C0456, name: security}]
  tokens: [{token: ${SLACK_TOKEN}, scopes: ["chat:write", "files:write", "channels:history"]}]
buckets: [{name: config}, {name: audits, retention: 400d, locked: true}, {name: exports}]
`

const worlds = new Map<string, World>()

/** A small organization of which every kind of call is made, as of a moment; the same one each time. */
export function organization(now: string): World {
  const world = worlds.get(now) ?? readWorld(WORLD, 'faults.yaml', new Date(now))
  worlds.set(now, world)
  return world
}
