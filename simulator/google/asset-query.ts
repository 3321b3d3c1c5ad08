import { invalid } from '../wire/google-error.js'
import type { Asset } from './asset.js'
import type { Filter, Meaning, Value } from './filter.js'

/**
 * What a search query means for one asset. `field:word` asks whether the word stands in the field, `*` at its
 * ends standing for anything; `field=text` for the whole.
 * @see https://cloud.google.com/asset-inventory/docs/query-syntax
 */
export function assetMeaning(asset: Asset): Meaning {
  return {
    compare: (field, operator, value) => {
      const texts = fieldOf(asset, field)
      if (operator === '=') return texts.some((text) => same(text, value.text))
      if (operator === '!=') return !texts.some((text) => same(text, value.text))
      if (operator === ':') return texts.some((text) => holds(text, value))
      throw invalid(`The simulator does not know the operator ${operator} for ${field}.`)
    },
    word: (word) => searchable(asset).some((text) => holds(text, { text: word, texts: [word] })),
  }
}

/** The numbers of the only projects in which a query can find anything; undefined where it does not name them. */
export function projectsNamed(filter: Filter | undefined): readonly string[] | undefined {
  switch (filter?.is) {
    case 'all':
      return filter.of.map(projectsNamed).find((numbers) => numbers !== undefined)
    case 'any': {
      const named = filter.of.map(projectsNamed)
      return named.includes(undefined) ? undefined : named.flatMap((numbers) => numbers ?? [])
    }
    case 'compare': {
      const { field, operator, value } = filter
      return field === 'project' && operator === ':' && /^\d+$/.test(value.text) ? [value.text] : undefined
    }
    default:
      return undefined
  }
}

function searchable(asset: Asset): readonly string[] {
  return [asset.name, asset.displayName ?? '', asset.state ?? '', ...Object.values(asset.labels)]
}

function fieldOf(asset: Asset, field: string): readonly string[] {
  const [first, ...rest] = field.split('.')
  switch (first) {
    case 'name':
      return [asset.name]
    case 'displayName':
      return asset.displayName === undefined ? [] : [asset.displayName]
    case 'state':
      return asset.state === undefined ? [] : [asset.state]
    case 'location':
      return ['global']
    case 'assetType':
      return [asset.assetType]
    case 'project':
    case 'folders':
    case 'organization':
      return asset.ancestors.filter((name) =>
        name.startsWith(first === 'folders' ? 'folders/' : `${first}s/`),
      )
    case 'parentFullResourceName':
      return [asset.parent]
    case 'labels':
      return rest.length === 0 ? Object.entries(asset.labels).flat() : [asset.labels[rest.join('.')] ?? '']
    default:
      throw invalid(`The search query names the field "${field}", which is not searchable.`)
  }
}

/** Whether a field is the whole of what is asked for. */
export function same(text: string, other: string): boolean {
  return text.toLowerCase() === other.toLowerCase()
}

const patterns = new WeakMap<Value, RegExp>()

/** Whether what is asked for stands in a field, word for word. */
export function holds(text: string, value: Value): boolean {
  if (value.text === '*') return text !== ''
  const pattern = patterns.get(value) ?? patternOf(value.text)
  patterns.set(value, pattern)
  return pattern.test(text.toLowerCase())
}

/** Words are what lies between characters that are no letters and digits; a phrase is a run of them. */
function patternOf(asked: string): RegExp {
  const open = { start: asked.startsWith('*'), end: asked.endsWith('*') }
  const words = asked
    .replace(/^\*|\*$/g, '')
    .toLowerCase()
    .split('*')
    .map(literal)
    .join('.*')
  const boundary = '[^\\p{L}\\p{N}]'
  const pattern = `${open.start ? '' : `(?:^|${boundary})`}${words}${open.end ? '' : `(?:$|${boundary})`}`
  return new RegExp(pattern, 'su')
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
