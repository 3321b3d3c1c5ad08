import { z } from 'zod'
import type { Project } from '../model.js'

/** Blanks and control characters would make an ID that no command and no policy can speak of. */
const PROJECT_ID = /^[^\s\p{C}/]+$/u

/** Both forms that Google uses: Resource Manager v1, which the asset inventory holds, and v3. */
const wireProject = z.object({
  projectId: z.string().regex(PROJECT_ID),
  lifecycleState: z.string().nullish(),
  state: z.string().nullish(),
  labels: z.unknown().optional(),
})

const projectAsset = z.object({
  name: z.string().optional().catch(undefined),
  ancestors: z.array(z.string()).optional().catch(undefined),
  resource: z.object({ data: z.unknown().optional() }).optional().catch(undefined),
})

const v3Project = z.object({ name: z.string(), parent: z.string().optional().catch(undefined) })

/** A project in any other state is judged as an active one: unjudged keys would look clean. */
const STATES: ReadonlySet<string> = new Set(['ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'])

const NO_LABELS: Project['labels'] = Object.freeze(Object.create(null))

/** A project as it was read, with what was wrong with it. */
export interface ReadProject {
  readonly project: Project
  readonly flaw?: string
}

/** Reads one element of an asset listing; undefined when it does not name the project's number. */
export function projectOfAsset(element: unknown): ReadProject | undefined {
  const asset = projectAsset.safeParse(element).data
  const ancestors = asset?.ancestors ?? []
  const number = numberIn(asset?.name) ?? numberIn(ancestors[0])
  if (number === undefined) return undefined
  return projectOf(
    asset?.resource?.data,
    number,
    ancestors.filter((name) => !name.startsWith('projects/')),
  )
}

/** A project as Resource Manager v3 shows it, with what it lies in directly. */
export interface PlacedProject extends ReadProject {
  /** `folders/1` or `organizations/9`; undefined for a project of nobody's. */
  readonly parent: string | undefined
}

/** Reads a project of Resource Manager v3, still without ancestors; undefined without its number. */
export function projectOfManager(element: unknown): PlacedProject | undefined {
  const wire = v3Project.safeParse(element).data
  const number = numberIn(wire?.name)
  if (number === undefined) return undefined
  return { ...projectOf(element, number, []), parent: wire?.parent || undefined }
}

/** A project of which nothing is known but its number: taken for active, so that its keys are judged. */
export function projectUnseen(number: string, ancestors: readonly string[]): Project {
  return { number, id: number, state: 'ACTIVE', labels: NO_LABELS, ancestors }
}

function projectOf(data: unknown, number: string, ancestors: readonly string[]): ReadProject {
  const wire = wireProject.safeParse(data)
  if (!wire.success) {
    const flaw = `${wire.error.issues[0]?.path.join('.') || 'the resource'} is not as Google documents it`
    return { project: projectUnseen(number, ancestors), flaw }
  }
  const { projectId, lifecycleState, state, labels } = wire.data
  const read = labelsOf(labels)
  const stated = lifecycleState || state || 'ACTIVE'
  const flaw = !STATES.has(stated)
    ? `its state ${JSON.stringify(stated.slice(0, 60))} is not one that Google documents`
    : read
      ? undefined
      : 'labels is not as Google documents it'
  return {
    project: {
      number,
      id: projectId,
      state: STATES.has(stated) ? stated : 'ACTIVE',
      labels: read ?? NO_LABELS,
      ancestors,
    },
    ...(flaw !== undefined && { flaw }),
  }
}

/** Characters of all labels of a project: Google takes 64 labels of up to 63 characters for name and value each. */
const MOST_LABELS = 16 * 2 ** 10

/** Labels in an object without prototype: `constructor` and `__proto__` are good names for labels. */
function labelsOf(wire: unknown): Project['labels'] | undefined {
  if (wire === undefined || wire === null) return NO_LABELS
  if (typeof wire !== 'object' || Array.isArray(wire)) return undefined
  const labels: Record<string, string> = Object.create(null)
  let room = MOST_LABELS
  for (const [name, value] of Object.entries(wire)) {
    if (typeof value !== 'string') return undefined
    room -= name.length + value.length
    if (room < 0) return undefined
    labels[name] = value
  }
  return Object.keys(labels).length === 0 ? NO_LABELS : labels
}

function numberIn(name: string | undefined): string | undefined {
  return /(?:^|\/)projects\/(\d+)$/.exec(name ?? '')?.[1]
}
