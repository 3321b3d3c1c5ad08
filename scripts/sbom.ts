import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { lockedPackages } from './lock-file.js'

interface Component {
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
}

interface Dependency {
  readonly ref: string
  readonly dependsOn: readonly string[]
}

/**
 * Writes the bill of materials of what is installed at run time (CycloneDX, JSON), by npm from the lock file.
 * `--omit=dev` would leave out packages that a tool of development needs as well, so what is development's
 * alone is taken out here. npm names the root after its folder and stamps the moment: both are replaced, so that
 * the same lock file gives the same bytes.
 */
function billOfMaterials(): object & { readonly components: readonly Component[] } {
  const { name, version } = JSON.parse(npm('pkg', 'get', 'name', 'version'))
  const {
    serialNumber: _,
    metadata,
    components,
    dependencies,
    ...bill
  } = JSON.parse(npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'))
  const { timestamp: __, component, ...about } = metadata
  const installed = new Set(lockedPackages().map((each) => `${each.name}@${each.version}`))
  const kept = components.filter((each: Component) => installed.has(`${each.name}@${each.version}`))
  const references = new Set<string>([
    component['bom-ref'],
    ...kept.map((each: Component) => each['bom-ref']),
  ])
  return {
    ...bill,
    metadata: { ...about, component: { ...component, name, version } },
    components: kept,
    dependencies: dependencies
      .filter(({ ref }: Dependency) => references.has(ref))
      .map(({ ref, dependsOn }: Dependency) => ({
        ref,
        dependsOn: dependsOn.filter((other) => references.has(other)),
      })),
  }
}

function npm(...command: readonly string[]): string {
  return execFileSync('npm', command, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

const [file = 'sbom.cdx.json'] = process.argv.slice(2)
const bill = billOfMaterials()
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`)
console.log(`${file}: ${bill.components.length} components`)
