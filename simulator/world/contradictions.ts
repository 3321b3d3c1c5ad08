import type { WorldFile } from './schema.js'

/** Google allows so many keys in a project. @see https://cloud.google.com/docs/authentication/api-keys */
const KEYS_PER_PROJECT = 300

/** A contradiction inside a world file: where, and what it is. */
export interface Contradiction {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What no single field shows: names used twice, folders and projects that are named but not there. */
export function contradictionsOf(file: WorldFile): readonly Contradiction[] {
  return [
    ...repeated(
      file.folders.map((folder) => folder.number),
      (index) => ['folders', index, 'number'],
    ),
    ...repeated(
      file.projects.map((project) => project.id),
      (index) => ['projects', index, 'id'],
    ),
    ...repeated(
      file.projects.map((project) => project.number),
      (index) => ['projects', index, 'number'],
    ),
    ...file.projects.flatMap((project, at) => [
      ...repeated(
        project.keys.map((key) => key.id),
        (index) => ['projects', at, 'keys', index, 'id'],
      ),
      ...crowded(project.keys.length, at),
    ]),
    ...missingFolders(file),
    ...missingProjects(file),
  ]
}

function repeated(
  names: readonly (string | undefined)[],
  path: (index: number) => (string | number)[],
): Contradiction[] {
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ path: path(index), message: `"${name}" is used twice` }]
      : [],
  )
}

function crowded(keys: number, at: number): Contradiction[] {
  if (keys <= KEYS_PER_PROJECT) return []
  return [{ path: ['projects', at, 'keys'], message: `${keys} keys; allowed: at most ${KEYS_PER_PROJECT}` }]
}

function missingFolders(file: WorldFile): Contradiction[] {
  const known = new Set(file.folders.map((folder) => folder.number))
  const named = [
    ...file.folders.map((folder, index) => ({ number: folder.parent, path: ['folders', index, 'parent'] })),
    ...file.projects.map((project, index) => ({
      number: project.folder,
      path: ['projects', index, 'folder'],
    })),
    ...file.denied.map((denial, index) => ({ number: denial.folder, path: ['denied', index, 'folder'] })),
    ...file.policies.map((policy, index) => ({ number: policy.folder, path: ['policies', index, 'folder'] })),
    ...file.bindings.map(({ folder }, index) => ({ number: folder, path: ['bindings', index, 'folder'] })),
  ]
  return named.flatMap(({ number, path }) =>
    number === undefined || known.has(number)
      ? []
      : [
          {
            path,
            message: `no folder ${number}; allowed: ${[...known].join(', ') || 'none, since folders is empty'}`,
          },
        ],
  )
}

function missingProjects(file: WorldFile): Contradiction[] {
  const known = new Set(file.projects.map((project) => project.id))
  const named = [
    { id: file.caller?.project, path: ['caller', 'project'] },
    ...file.denied.map((denial, index) => ({ id: denial.project, path: ['denied', index, 'project'] })),
    ...file.policies.map((policy, index) => ({ id: policy.project, path: ['policies', index, 'project'] })),
    ...file.bindings.map(({ project }, index) => ({ id: project, path: ['bindings', index, 'project'] })),
  ]
  return named.flatMap(({ id, path }) =>
    id === undefined || known.has(id)
      ? []
      : [{ path, message: `no project "${id}" among the projects of this world` }],
  )
}
