import type { Project } from '../model.js'

/** Whether a project lies in a scope: by its ID or number, or by what it lies in. */
export function covers(scope: string, project: Project): boolean {
  if (!isProject(scope)) return project.ancestors.includes(scope)
  return scope === `projects/${project.id}` || scope === `projects/${project.number}`
}

/** Whether a scope is a single project. */
export function isProject(scope: string): boolean {
  return scope.startsWith('projects/')
}
