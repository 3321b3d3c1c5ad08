import type { Definition } from 'ts-json-schema-generator'
import { nameIn, type RecordSchema } from './record-schemas.js'

/** One field of a record, however deep. */
export interface RecordField {
  /** `key.project.number`; `[]` after a list; `NAME` for each of several names. */
  readonly path: string
  readonly form: string
  readonly isRequired: boolean
  readonly description: string
}

/** All fields of one form of a record, in the order in which its types name them. */
export function fieldsOf(schema: RecordSchema, type: string): readonly RecordField[] {
  return new Fields(schema).of(type)
}

/** Reads the fields of a schema's types. */
class Fields {
  readonly #schema: RecordSchema
  readonly #named: ReadonlyMap<Definition | undefined, string>

  constructor(schema: RecordSchema) {
    this.#schema = schema
    this.#named = new Map([
      [schema.definitions['Day'], 'day'],
      [schema.definitions['Instant'], 'time'],
    ])
  }

  of(type: string): readonly RecordField[] {
    return this.#fieldsIn(this.#definitionOf({ $ref: `#/definitions/${encodeURIComponent(type)}` }), '')
  }

  #definitionOf(definition: Definition): Definition {
    return definition.$ref === undefined
      ? definition
      : (this.#schema.definitions[nameIn(definition.$ref)] ?? {})
  }

  #fieldsIn(whole: Definition, prefix: string): readonly RecordField[] {
    const forms = this.#formsOf(whole)
    return forms.flatMap(({ properties = {} }) =>
      Object.entries(properties).flatMap(([name, property]) => {
        const isRequired = forms.every(({ required = [] }) => required.includes(name))
        return this.#fieldAndInner(definitionIn(property), `${prefix}${name}`, isRequired)
      }),
    )
  }

  #fieldAndInner(property: Definition, path: string, isRequired: boolean): readonly RecordField[] {
    const definition = this.#definitionOf(property)
    const description = property.description ?? definition.description ?? ''
    return [
      { path, form: this.#formOf(definition), isRequired, description },
      ...this.#innerOf(definition, path),
    ]
  }

  #innerOf(definition: Definition, path: string): readonly RecordField[] {
    if (isMap(definition)) {
      const [first] = Object.values(definition.properties ?? {})
      return first === undefined
        ? []
        : this.#fieldsIn(this.#definitionOf(definitionIn(first)), `${path}.NAME.`)
    }
    const items = definition.items
    if (items !== undefined && !Array.isArray(items)) {
      return this.#fieldsIn(this.#definitionOf(definitionIn(items)), `${path}[].`)
    }
    return this.#fieldsIn(definition, `${path}.`)
  }

  #formOf(definition: Definition): string {
    const name = this.#named.get(definition)
    if (name !== undefined) return name
    if (isMap(definition))
      return `an object by ${Object.keys(definition.properties ?? {})
        .map(quoted)
        .join(', ')}`
    if (definition.const !== undefined) return quoted(definition.const)
    if (definition.enum) return definition.enum.map(quoted).join(', ')
    if (definition.anyOf)
      return definition.anyOf.map((form) => this.#formOf(this.#definitionOf(definitionIn(form)))).join(' or ')
    if (definition.type === 'array' && definition.items && !Array.isArray(definition.items)) {
      return `list: ${this.#formOf(this.#definitionOf(definitionIn(definition.items)))}`
    }
    return Array.isArray(definition.type) ? definition.type.join(' or ') : (definition.type ?? 'any')
  }

  #formsOf(definition: Definition): readonly Definition[] {
    return definition.anyOf?.map((form) => this.#definitionOf(definitionIn(form))) ?? [definition]
  }
}

function quoted(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

/** JSON Schema allows `true` and `false` for "anything" and "nothing". */
function definitionIn(definition: Definition | boolean): Definition {
  return typeof definition === 'boolean' ? {} : definition
}

/** Whether the fields of an object are names of a closed list, which all have the same form. */
function isMap({ properties = {} }: Definition): boolean {
  const own = Object.values(properties).map(definitionIn)
  const forms = new Set(own.map((property) => JSON.stringify(property)))
  return own.length > 1 && forms.size === 1 && own.every(({ description }) => description === undefined)
}
