import { longDay } from '../../calendar.js'
import type { ClientRestriction, KeyFacts, Restrictions, Step } from '../../model.js'
import { setRestrictions } from './gcloud.js'
import { allTraffic } from './pages.js'
import { wayBack } from './restricting.js'
import { removeKey } from './steps.js'

/** For a key that nothing has called for as long as calls are kept: never deleted before it was shut off and missed. */
export function retire(facts: KeyFacts): readonly Step[] {
  const { key, project, usage } = facts
  const since = 'unknown' in usage ? '' : ` since ${longDay(usage.since)}, and calls from before are not kept`
  return [
    {
      say: `Ask its owner whether anybody still needs this key: nothing has called any API with it${since}.`,
      url: allTraffic(project),
    },
    ...(facts.dormant === true ? [BLOCKED] : []),
    {
      say: 'Restrict it to a caller that does not exist, by a name or address that is kept for examples: what still needs it is refused, and nothing else.',
      command: setRestrictions(key, shutOff(facts)),
    },
    wayBack(facts),
    {
      say: 'Wait for as long as its rarest use may take, a month at least. Calls that are refused in the meantime are shown here.',
      url: allTraffic(project),
    },
    removeKey(facts, 'If nobody has missed it'),
  ]
}

const BLOCKED: Step = {
  say: 'If somebody does: Google may have blocked it as dormant, and then no restriction brings it back, only a new key does.',
}

/** The restrictions of a key, but for its callers: one of the same kind that nobody is. */
function shutOff({ key, clientRestriction }: KeyFacts): Restrictions {
  const nobody = { allowedReferrers: [], allowedIps: [], allowedApplications: [], allowedBundleIds: [] }
  return { ...nobody, ...NOBODY[clientRestriction], apiTargets: key.restrictions.apiTargets }
}

/**
 * Callers that do not exist.
 * @see https://www.rfc-editor.org/rfc/rfc5737 on 192.0.2.1
 * @see https://www.rfc-editor.org/rfc/rfc2606 on names that end with `.invalid`
 */
const NOBODY: Readonly<Record<ClientRestriction, Partial<Restrictions>>> = {
  none: { allowedIps: ['192.0.2.1'] },
  server: { allowedIps: ['192.0.2.1'] },
  browser: { allowedReferrers: ['https://retired.invalid/*'] },
  android: {
    allowedApplications: [
      { sha1Fingerprint: Array.from({ length: 20 }, () => '00').join(':'), packageName: 'invalid.retired' },
    ],
  },
  ios: { allowedBundleIds: ['invalid.retired'] },
}
