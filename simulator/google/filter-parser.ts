import { invalid } from '../wire/google-error.js'
import type { Filter } from './filter.js'

type Token = { readonly kind: 'text' | 'quoted' | 'mark'; readonly text: string }

const TOKEN =
  /\s+|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(>=|<=|!=|!~|=~|[()=<>:~,])|(-(?=[\w"(]))|((?:\."[^"]*"|[^\s()"'=<>:~,!])+)/gy
const FUNCTIONS = new Set([
  'starts_with',
  'ends_with',
  'has_substring',
  'one_of',
  'regex.full_match',
  'monitoring.regex.full_match',
])
const OPERATORS = new Set(['=', '!=', '>', '<', '>=', '<=', ':', '=~', '!~', '~'])

/** Parses a filter; undefined for an empty one, which everything passes. @throws GoogleError 400. */
export function parseFilter(text: string): Filter | undefined {
  const tokens = tokensOf(text)
  if (tokens.length === 0) return undefined
  const reader = new Reader(tokens)
  const filter = reader.any()
  if (reader.peek()) throw invalid(`Invalid filter near "${reader.peek()?.text}".`)
  return filter
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (!found) throw invalid(`Invalid filter at position ${at}.`)
    const [, double, single, mark, minus, plain] = found
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') })
    else if (mark ?? minus) tokens.push({ kind: 'mark', text: mark ?? '-' })
    else if (plain !== undefined) tokens.push({ kind: 'text', text: plain.replaceAll('"', '') })
  }
  return tokens
}

class Reader {
  #at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  peek(): Token | undefined {
    return this.tokens[this.#at]
  }

  /** `OR` binds weaker than `AND` and than two conditions side by side. */
  any(): Filter {
    const parts = [this.all()]
    while (this.takes('text', 'OR')) parts.push(this.all())
    return parts.length === 1 ? (parts[0] as Filter) : { is: 'any', of: parts }
  }

  private all(): Filter {
    const parts = [this.one()]
    while (this.peek() && !this.sees('text', 'OR') && !this.sees('mark', ')')) {
      this.takes('text', 'AND')
      parts.push(this.one())
    }
    return parts.length === 1 ? (parts[0] as Filter) : { is: 'all', of: parts }
  }

  private one(): Filter {
    if (this.takes('text', 'NOT') || this.takes('mark', '-')) return { is: 'not', of: this.one() }
    if (this.takes('mark', '(')) {
      const inner = this.any()
      this.expect(')')
      return inner
    }
    return this.condition()
  }

  private condition(): Filter {
    const field = this.next('a field or a word')
    if (field === 'log_id' && this.takes('mark', '(')) return this.logId()
    const operator = this.peek()
    if (operator?.kind !== 'mark' || !OPERATORS.has(operator.text)) return { is: 'word', text: field }
    this.#at += 1
    return this.sees('mark', '(')
      ? this.alternatives(field, operator.text)
      : this.comparison(field, operator.text)
  }

  /** `log_id("a/b")` says which log, without its project. */
  private logId(): Filter {
    const text = this.next('the ID of a log')
    this.expect(')')
    return { is: 'compare', field: 'log_id', operator: '=', value: { text, texts: [text] } }
  }

  private comparison(field: string, operator: string): Filter {
    const text = this.next('a value')
    if (!FUNCTIONS.has(text) || !this.takes('mark', '(')) {
      return { is: 'compare', field, operator, value: { text, texts: [text] } }
    }
    const texts: string[] = []
    while (!this.takes('mark', ')')) {
      texts.push(this.next('a value'))
      this.takes('mark', ',')
    }
    return { is: 'compare', field, operator, value: { text: texts[0] ?? '', by: text, texts } }
  }

  /** `field:(a OR b)` says the same as `field:a OR field:b`. */
  private alternatives(field: string, operator: string): Filter {
    this.expect('(')
    const inner = this.any()
    this.expect(')')
    const spread = (filter: Filter): Filter => {
      switch (filter.is) {
        case 'all':
        case 'any':
          return { is: filter.is, of: filter.of.map(spread) }
        case 'not':
          return { is: 'not', of: spread(filter.of) }
        case 'word':
          return { is: 'compare', field, operator, value: { text: filter.text, texts: [filter.text] } }
        case 'compare':
          throw invalid(`Invalid filter: a comparison inside ${field}${operator}(…).`)
      }
    }
    return spread(inner)
  }

  private next(what: string): string {
    const token = this.peek()
    const isKeyword = token?.kind === 'text' && /^(AND|OR)$/i.test(token.text)
    if (!token || token.kind === 'mark' || isKeyword) {
      throw invalid(`Invalid filter: expected ${what} before "${token?.text ?? 'the end'}".`)
    }
    this.#at += 1
    return token.text
  }

  private expect(mark: string): void {
    if (!this.takes('mark', mark))
      throw invalid(`Invalid filter: expected "${mark}" before "${this.peek()?.text ?? 'the end'}".`)
  }

  private sees(kind: Token['kind'], text: string): boolean {
    const token = this.peek()
    return token?.kind === kind && token.text.toUpperCase() === text
  }

  private takes(kind: Token['kind'], text: string): boolean {
    if (!this.sees(kind, text)) return false
    this.#at += 1
    return true
  }
}
