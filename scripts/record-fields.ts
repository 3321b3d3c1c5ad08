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
  const named = new Map([
    [schema.definitions['Day'], 'day'],
    [schema.definitions['Instant'], 'time'],
  ])
  const definitionOf = (definition: Definition): Definition =>
    definition.$ref === undefined ? definition : (schema.definitions[nameIn(definition.$ref)] ?? {})
  return fieldsIn(definitionOf({ $ref: `#/definitions/${encodeURIComponent(type)}` }), '')

  function fieldsIn(whole: Definition, prefix: string): readonly RecordField[] {
    const forms = formsOf(whole)
    return forms.flatMap(({ properties = {} }) =>
      Object.entries(properties).flatMap(([name, property]) => {
        const isRequired = forms.every(({ required = [] }) => required.includes(name))
        return fieldAndInner(definitionIn(property), `${prefix}${name}`, isRequired)
      }),
    )
  }

  function fieldAndInner(property: Definition, path: string, isRequired: boolean): readonly RecordField[] {
    const definition = definitionOf(property)
    const description = property.description ?? definition.description ?? ''
    return [{ path, form: formOf(definition), isRequired, description }, ...innerOf(definition, path)]
  }

  function innerOf(definition: Definition, path: string): readonly RecordField[] {
    if (isMap(definition)) {
      const [first] = Object.values(definition.properties ?? {})
      return first === undefined ? [] : fieldsIn(definitionOf(definitionIn(first)), `${path}.NAME.`)
    }
    const items = definition.items
    if (items !== undefined && !Array.isArray(items)) {
      return fieldsIn(definitionOf(definitionIn(items)), `${path}[].`)
    }
    return fieldsIn(definition, `${path}.`)
  }

  function formOf(definition: Definition): string {
    const name = named.get(definition)
    if (name !== undefined) return name
    if (isMap(definition))
      return `an object by ${Object.keys(definition.properties ?? {})
        .map(quoted)
        .join(', ')}`
    if (definition.const !== undefined) return quoted(definition.const)
    if (definition.enum) return definition.enum.map(quoted).join(', ')
    if (definition.anyOf)
      return definition.anyOf.map((form) => formOf(definitionOf(definitionIn(form)))).join(' or ')
    if (definition.type === 'array' && definition.items && !Array.isArray(definition.items)) {
      return `list: ${formOf(definitionOf(definitionIn(definition.items)))}`
    }
    return Array.isArray(definition.type) ? definition.type.join(' or ') : (definition.type ?? 'any')
  }

  function formsOf(definition: Definition): readonly Definition[] {
    return definition.anyOf?.map((form) => definitionOf(definitionIn(form))) ?? [definition]
  }

  /** Whether the fields of an object are names of a closed list, which all have the same form. */
  function isMap({ properties = {} }: Definition): boolean {
    const own = Object.values(properties).map(definitionIn)
    const forms = new Set(own.map((property) => JSON.stringify(property)))
    return own.length > 1 && forms.size === 1 && own.every(({ description }) => description === undefined)
  }
}

function quoted(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

/** JSON Schema allows `true` and `false` for "anything" and "nothing". */
function definitionIn(definition: Definition | boolean): Definition {
  return typeof definition === 'boolean' ? {} : definition
}
