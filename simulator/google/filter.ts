/**
 * The grammar that Google's filters share, each service with other fields: `AND`, `OR`, `NOT`, `-`,
 * parentheses, `field OP value`, bare words, and functions such as `starts_with("x")` in the place of a value.
 */
export type Filter =
  | { readonly is: 'all'; readonly of: readonly Filter[] }
  | { readonly is: 'any'; readonly of: readonly Filter[] }
  | { readonly is: 'not'; readonly of: Filter }
  | { readonly is: 'compare'; readonly field: string; readonly operator: string; readonly value: Value }
  | { readonly is: 'word'; readonly text: string }

export interface Value {
  readonly text: string
  /** The function's name where the value is a function of `texts`. */
  readonly by?: string
  readonly texts: readonly string[]
}

/** Tells of a comparison or a bare word whether it holds. */
export interface Meaning {
  compare(field: string, operator: string, value: Value): boolean
  word(text: string): boolean
}

/** Whether something passes, its fields being known by `meaning`. */
export function passes(filter: Filter | undefined, meaning: Meaning): boolean {
  if (!filter) return true
  switch (filter.is) {
    case 'all':
      return filter.of.every((part) => passes(part, meaning))
    case 'any':
      return filter.of.some((part) => passes(part, meaning))
    case 'not':
      return !passes(filter.of, meaning)
    case 'compare':
      return meaning.compare(filter.field, filter.operator, filter.value)
    case 'word':
      return meaning.word(filter.text)
  }
}

/** Every comparison in the filter, wherever it stands. */
export function comparisonsOf(filter: Filter | undefined): readonly Extract<Filter, { is: 'compare' }>[] {
  if (!filter) return []
  switch (filter.is) {
    case 'all':
    case 'any':
      return filter.of.flatMap(comparisonsOf)
    case 'not':
      return comparisonsOf(filter.of)
    case 'compare':
      return [filter]
    case 'word':
      return []
  }
}
