import { type LockedPackage, lockedPackages } from './lock-file.js'
import { markdownTable } from './markdown.js'

/** Licences under which a package may come along, and why. */
export const ACCEPTED: Readonly<Record<string, string>> = {
  MIT: 'permissive',
  ISC: 'permissive',
  'Apache-2.0': 'permissive; this program has it too',
  'BSD-2-Clause': 'permissive',
  'BSD-3-Clause': 'permissive',
  BSD: 'permissive; how an old package writes one of the two above',
  'MPL-2.0': 'copyleft for its own files alone, which are used unchanged',
  'CC0-1.0': 'public domain; data',
  'CC-BY-3.0': 'data, used unchanged; its source is named by the package',
  '(MIT OR CC0-1.0)': 'permissive, either way',
  'MIT AND OFL-1.1': 'a font under the Open Font License, and its wrapper',
}

/** What comes along with the program, and under which licence. */
export function licenseList(): string {
  const packages = lockedPackages()
  const groups = byLicense(packages)
  const counts = [...groups].map(([license, its]) => [
    license,
    String(its.length),
    ACCEPTED[license] ?? 'NOT ACCEPTED',
  ])
  const rows = packages.map(({ name, version, license }) => [name, version, license])
  return `# Licences

Made from \`package-lock.json\` when this package was packed. The program itself is licensed under
[Apache-2.0](LICENSE). These packages are installed beside it, on one platform or another; each brings the text of
its licence. \`npm run sbom\` writes the same list as a CycloneDX bill of materials, with the digests of the archives.

${markdownTable(['licence', 'packages', 'why it is accepted'], counts)}

${markdownTable(['package', 'version', 'licence'], rows)}
`
}

function byLicense(packages: readonly LockedPackage[]): ReadonlyMap<string, readonly LockedPackage[]> {
  const groups = new Map<string, LockedPackage[]>()
  for (const each of packages) groups.set(each.license, [...(groups.get(each.license) ?? []), each])
  return groups
}
