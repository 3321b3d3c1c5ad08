import type { Project } from '../model.js'
import type { Policy } from './policy.js'

/**
 * Who owns a project and its keys: the first of the policy's labels that the project carries, else its
 * nearest folder that the policy names. Undefined when neither says.
 */
export function ownerOf({ labels, ancestors }: Project, { owners }: Policy): string | undefined {
  const label = owners.labels.find((name) => Object.hasOwn(labels, name) && labels[name]?.trim())
  if (label !== undefined) return labels[label]?.trim()
  const folder = ancestors.find((ancestor) => owners.folders.has(ancestor))
  return folder === undefined ? undefined : owners.folders.get(folder)
}
