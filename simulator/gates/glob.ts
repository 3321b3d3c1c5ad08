/** Whether a name is meant by a pattern, in which `*` stands for any text: `storage.objects.*`. */
export function isMeant(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`, 'is').test(name)
}
