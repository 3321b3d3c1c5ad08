import { readdirSync, readFileSync } from 'node:fs'
import { markdownTable } from './markdown.js'

/** A variable of a part of the module, as it is declared. */
export interface TerraformVariable {
  readonly name: string
  readonly description: string
  readonly type: string
  /** As it stands there, in HCL; undefined: it has to be given. */
  readonly default: string | undefined
}

export const TERRAFORM_PARTS = ['project', 'organization'] as const
type ModulePart = (typeof TERRAFORM_PARTS)[number]

/** A part's files as one text. They are formatted by `terraform fmt`, so that lines and blanks are where they are read. */
function textOf(part: ModulePart): string {
  const folder = `deploy/terraform/${part}`
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'))
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n')
}

/** The blocks of a kind at the top of a text: labels and body. */
function blocksOf(text: string, kind: string): readonly (readonly [readonly string[], string])[] {
  const blocks = text.matchAll(new RegExp(`^${kind} ("[^\\n]*") \\{\\n([\\s\\S]*?)^\\}`, 'gm'))
  return [...blocks].map(([, labels = '', body = '']) => [
    [...labels.matchAll(/"([^"]*)"/g)].map(([, label = '']) => label),
    body,
  ])
}

function argumentIn(body: string, name: string): string | undefined {
  return new RegExp(`^  ${name} += (.*)$`, 'm').exec(body)?.[1]
}

/** The variables of a part, in the order of their declaration. */
export function terraformVariables(part: ModulePart): readonly TerraformVariable[] {
  return blocksOf(textOf(part), 'variable').map(([[name = ''], body]) => ({
    name,
    description: JSON.parse(argumentIn(body, 'description') ?? '""'),
    type: argumentIn(body, 'type') ?? 'any',
    default: argumentIn(body, 'default'),
  }))
}

/** The tables of deploy/terraform/README.md, by the names of their markers. */
export function terraformTables(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    TERRAFORM_PARTS.flatMap((part) => [
      [`terraform-${part}-variables`, variableTable(part)],
      [`terraform-${part}-outputs`, outputTable(part)],
      [`terraform-${part}-example`, exampleTable(part)],
    ]),
  )
}

function variableTable(part: ModulePart): string {
  const rows = terraformVariables(part).map((variable) => [
    `\`${variable.name}\``,
    `\`${variable.type}\``,
    variable.default === undefined ? 'required' : `\`${variable.default}\``,
    variable.description,
  ])
  return markdownTable(['variable', 'type', 'default', 'meaning'], rows)
}

function outputTable(part: ModulePart): string {
  const rows = blocksOf(textOf(part), 'output').map(([[name = ''], body]) => [
    `\`${name}\``,
    JSON.parse(argumentIn(body, 'description') ?? '""'),
  ])
  return markdownTable(['output', 'meaning'], rows)
}

/** What the example makes, as a test has it from a plan with Google's provider. */
function exampleTable(part: ModulePart): string {
  const addresses = readFileSync(`test/golden/deploy/terraform-example-${part}.txt`, 'utf8')
    .trim()
    .split('\n')
  const names = addresses.map((address) => address.replace(/\[.*/, ''))
  const rows = [...new Set(names)].map((name) => [
    `\`${name}\``,
    String(names.filter((other) => other === name).length),
  ])
  return markdownTable(['resource', 'number'], [...rows, ['together', String(addresses.length)]])
}
