import { SLACK_METHODS } from '../deliver/slack/trial.js'
import type { Check, Findings, Site } from './check.js'
import { type Outcome, outcomeOf, troubled, troubleOf, untried, works } from './trial.js'

/** What a token needs, and what each is for. */
const SCOPES = [
  { scope: SLACK_METHODS['chat.postMessage'][0], for: 'posts the digest' },
  { scope: SLACK_METHODS['files.completeUploadExternal'][0], for: 'uploads the list of affected keys' },
] as const

/** One of these lets the audit look whether a message whose answer was lost has arrived. */
const LOOKING = SLACK_METHODS['conversations.history']

const APP = {
  say: 'add it to the app (OAuth & Permissions) and install it again',
  url: 'https://api.slack.com/apps',
}

/** Whose token it is. */
export const authTest: Check = {
  call: 'auth.test',
  actor: 'slack',
  covers: [],
  needs: 'Shows that Slack takes the token.',
  otherwise: 'The run’s delivery fails: the function answers 500.',
  isNeeded: ({ slack }) => slack !== undefined,
  try: async ({ slack }, found) => {
    if (slack === undefined) return []
    const outcome = await outcomeOf(async () => {
      const { name, team, scopes } = await slack.who()
      found.slackBot = `${name} in ${team}`
      found.slackScopes = scopes
      return works(`is ${name} in ${team}`)
    })
    return [{ on: 'SLACK_BOT_TOKEN', outcome }]
  },
}

/** What the token may do. */
export const slackScopes: Check = {
  call: 'x-oauth-scopes',
  actor: 'slack',
  covers: [],
  needs: 'chat:write posts, files:write uploads; channels:history (groups:history) looks for lost messages.',
  otherwise: 'Without chat:write or files:write the delivery fails; without history a warning.',
  isNeeded: ({ slack }) => slack !== undefined,
  try: async (_site, { slackScopes: scopes }) => {
    if (scopes === undefined)
      return [{ on: 'SLACK_BOT_TOKEN', outcome: untried('the token is not known to Slack') }]
    const missing = SCOPES.filter(({ scope }) => !scopes.includes(scope))
    const lacks = missing.map((each) => ({
      on: 'SLACK_BOT_TOKEN',
      outcome: troubled('fails', `the token lacks the scope ${each.scope}, which ${each.for}`, APP),
    }))
    if (lacks.length > 0) return lacks
    const looks = LOOKING.some((scope) => scopes.includes(scope))
    return [{ on: 'SLACK_BOT_TOKEN', outcome: looks ? works(scopes.join(', ')) : BLIND }]
  },
}

const BLIND: Outcome = troubled(
  'warning',
  `the token lacks the scope ${LOOKING[0]} (${LOOKING[1]} for a private channel): after a lost answer the audit cannot see whether the digest arrived`,
  APP,
)

/** The channels of the digest and of the policy's routes. */
export const conversations: Check = {
  call: 'conversations.info',
  actor: 'slack',
  covers: [],
  needs: 'Shows that the channels are there, not archived, and that the bot is in them.',
  otherwise: 'The run’s delivery fails: the function answers 500.',
  isNeeded: ({ slack }) => slack !== undefined,
  try: async (site, found) => {
    const trials: { on: string; outcome: Outcome }[] = []
    for (const channel of channelsOf(site, found)) {
      const outcome = await outcomeOf(() => channelOutcome(site, found, channel))
      trials.push({ on: `slack:${channel}`, outcome })
    }
    return trials
  },
}

async function channelOutcome({ slack }: Site, found: Findings, channel: string): Promise<Outcome> {
  if (slack === undefined || found.slackScopes === undefined)
    return untried('the token is not known to Slack')
  const obstacle = await slack.obstacle(channel, found.slackScopes)
  if (obstacle === 'unseen')
    return untried('the token may not look; channels:read (groups:read) would let it')
  if (obstacle === undefined) return works('can be posted to')
  return { kind: 'troubled', trouble: { ...troubleOf(obstacle), result: 'fails' } }
}

function channelsOf({ slack }: Site, { policy }: Findings): ReadonlySet<string> {
  if (slack === undefined) return new Set()
  return new Set([slack.channel, ...(policy?.routes ?? []).map(({ channel }) => channel)])
}
