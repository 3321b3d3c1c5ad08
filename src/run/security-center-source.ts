import { DeliveryError } from '../deliver/delivery.js'
import { type FindingSource, RefusedFinding, type WrittenFinding } from '../deliver/security-center.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { mayPass } from '../google/retry.js'
import {
  createFinding,
  type ListedFinding,
  listFindings,
  muteFinding,
  updateFinding,
} from '../google/securitycenter.js'

/** All that this program writes of a finding, as a mask takes it. */
const WRITTEN =
  'state,category,severity,finding_class,resource_name,external_uri,description,next_steps,compliances,source_properties,event_time'

/** A source of Security Command Center (`organizations/9/sources/5`) behind Google's API. */
export function findingSource(client: GoogleClient, source: string): FindingSource {
  const nameOf = (id: string) => `${source}/findings/${id}`
  const explained = <Value>(work: Promise<Value>) => withDeliveryError(source, work)
  return {
    name: source,
    async *list(audit) {
      const found = listFindings(client, source, `source_properties.audit = "${audit}"`)
      for (
        let next = await explained(found.next());
        next.done !== true;
        next = await explained(found.next())
      ) {
        yield storedOf(next.value)
      }
    },
    create: (id, finding) => explained(createFinding(client, source, id, wireOf(finding))),
    update: (id, finding) => explained(updateFinding(client, nameOf(id), wireOf(finding), WRITTEN)),
    deactivate: (id, eventTime) =>
      explained(updateFinding(client, nameOf(id), { state: 'INACTIVE', eventTime }, 'state,event_time')),
    setMute: (id, mute) => explained(muteFinding(client, nameOf(id), mute)),
  }
}

function storedOf({ name, state, mute, sourceProperties }: ListedFinding) {
  return {
    id: name.slice(name.lastIndexOf('/') + 1),
    isActive: state === 'ACTIVE',
    isMuted: mute === 'MUTED',
    properties: sourceProperties,
  }
}

function wireOf({ compliances, sourceProperties, ...finding }: WrittenFinding) {
  return { ...finding, compliances: [...compliances], sourceProperties: { ...sourceProperties } }
}

async function withDeliveryError<Value>(source: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { reason: code, because, advice } = error
    const Refusal = error.status === 400 ? RefusedFinding : DeliveryError
    const explanation = { code, cause: `${because} (${code})`, advice }
    throw new Refusal(`scc:${source}`, mayPass(error), `${error.message}.`, explanation)
  }
}
