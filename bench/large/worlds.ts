import { readWorld } from '../../simulator/world/file.js'
import type { Key, Project, World } from '../../simulator/world/world.js'

/** How much the keys and projects of a world hold. */
export interface Size {
  /** Projects that hold the large keys, beside five with three usual keys each. */
  readonly projects: number
  /** Large keys in each of them. */
  readonly keys: number
  /** Websites of each of these keys, and the characters of each website. */
  readonly referrers: number
  readonly characters: number
  /** Labels of each of these projects; Google allows 64. */
  readonly labels: number
}

/** `projects=6,keys=50,referrers=1200,characters=160`: what is not named is 0. */
export function sizeIn(text: string): Size {
  const given = new Map(text.split(',').map((part) => part.split('=') as [string, string]))
  const count = (name: string) => Number(given.get(name) ?? 0)
  return {
    projects: count('projects'),
    keys: count('keys'),
    referrers: count('referrers'),
    characters: count('characters'),
    labels: count('labels'),
  }
}

const USUAL = 5

const SMALL = `
organization: {number: 99, domain: large.example}
caller: {project: auditor, serviceAccount: auditor@auditor.iam.gserviceaccount.com}
projects:
  - {id: auditor, number: 1, services: [logging]}
  - {id: usual, number: 2, services: [generativelanguage], keys: [{id: a}, {id: b}, {id: c, targets: [maps-backend]}]}
buckets: [{name: exports}]
`

/** An organization with keys or projects that hold much more than usual ones. Its keys are made when they are asked for. */
export function largeWorld(size: Size, now: Date): World {
  const small = readWorld(SMALL, 'large.yaml', now)
  const auditor = small.projectAt(0)
  const usual = small.projectAt(1)
  const [pattern] = small.keysOf(usual)
  if (pattern === undefined) throw new Error('no key to make others of')
  const projects = [
    auditor,
    ...Array.from({ length: size.projects }, (_none, at) => largeProject(usual, at, size)),
    ...Array.from({ length: USUAL }, (_none, at) => ({ ...usual, id: `usual-${at}`, number: `${500 + at}` })),
  ]
  const byName = new Map(
    projects.flatMap(
      (each) =>
        [
          [each.id, each],
          [each.number, each],
        ] as const,
    ),
  )
  const restrictions = { browserKeyRestrictions: { allowedReferrers: referrersOf(size) } }
  const keysOf = (project: Project): readonly Key[] => {
    if (project.id === auditor.id) return []
    if (project.id.startsWith('usual-'))
      return small.keysOf(usual).map((key) => ({ ...key, uid: `${key.id}-${project.number}` }))
    return Array.from({ length: size.keys }, (_none, at) => ({
      ...pattern,
      id: `large-${at}`,
      uid: `large-${project.number}-${at}`,
      ...(size.referrers > 0 && { restrictions }),
    }))
  }
  return {
    ...small,
    projectCount: projects.length,
    projectAt: (position) => projects[position] ?? auditor,
    projectNamed: (name) => byName.get(name),
    keysOf,
  }
}

function largeProject(pattern: Project, at: number, { labels }: Size): Project {
  const text = 'x'.repeat(60)
  const entries = Array.from({ length: labels }, (_none, label) => [`label-${label}-${text}`, text])
  return {
    ...pattern,
    id: `large-${at}`,
    number: `${1000 + at}`,
    ...(labels > 0 && { labels: Object.fromEntries(entries) }),
  }
}

function referrersOf({ referrers, characters }: Size): readonly string[] {
  return Array.from({ length: referrers }, (_none, at) =>
    `https://host-${at}.example/`.padEnd(characters, 'x').slice(0, characters),
  )
}
