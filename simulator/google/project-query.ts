import { invalid } from '../wire/google-error.js'
import { type Project, parentOf, type World } from '../world/world.js'
import type { Filter, Meaning } from './filter.js'
import { CUSTOMER } from './project-forms.js'

/** What a query over projects means, in the names of v3 and of v1. Values may begin or end with `*`. */
export function projectMeaning(world: World, project: Project): Meaning {
  return {
    compare: (field, operator, value) => {
      if (!'=:'.includes(operator))
        throw invalid(`The simulator does not know the operator ${operator} for ${field}.`)
      const text = fieldOf(world, project, field)
      return text !== undefined && matches(text, value.text)
    },
    word: (word) => [project.id, project.displayName].some((text) => matches(text, word)),
  }
}

/** What a query over organizations means, in the names of v3 and of v1. */
export function organizationMeaning(world: World): Meaning {
  return {
    compare: (field, operator, value) => {
      if (!'=:'.includes(operator))
        throw invalid(`The simulator does not know the operator ${operator} for ${field}.`)
      switch (field.toLowerCase()) {
        case 'domain':
          return matches(world.organization.domain, value.text)
        case 'directorycustomerid':
        case 'owner.directorycustomerid':
          return matches(CUSTOMER, value.text)
        default:
          throw invalid(`Organizations cannot be searched by "${field}".`)
      }
    },
    word: (word) => {
      throw invalid(`Invalid query: "${word}" is no condition.`)
    },
  }
}

/**
 * `projects.search` returns what matches any of several fields, not all of them.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/search
 */
export function anyTermOf(filter: Filter | undefined): Filter | undefined {
  return filter?.is === 'all' ? { is: 'any', of: filter.of } : filter
}

function fieldOf(world: World, project: Project, field: string): string | undefined {
  const [kind, number] = parentOf(world, project).split('/')
  const [first, second] = field.toLowerCase().split('.', 2)
  switch (first) {
    case 'id':
    case 'projectid':
      return project.id
    case 'projectnumber':
      return project.number
    case 'name':
    case 'displayname':
      return project.displayName
    case 'state':
    case 'lifecyclestate':
      return project.state
    case 'labels':
      return project.labels[second ?? '']
    case 'parent':
      if (second === 'type') return kind === 'folders' ? 'folder' : 'organization'
      return second === 'id' ? number : `${kind}/${number}`
    default:
      throw invalid(`Projects cannot be searched by "${field}".`)
  }
}

function matches(text: string, asked: string): boolean {
  const parts = asked.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text)
}
