/** A label that wants to stand at a height. */
interface Wish {
  readonly y: number
}

/**
 * The labels at heights where none covers another: as near to where they want to stand as their order and the
 * bottom allow.
 */
export function spread<Label extends Wish>(
  labels: readonly Label[],
  { between, bottom }: { readonly between: number; readonly bottom: number },
): readonly Label[] {
  const sorted = [...labels].sort((one, other) => one.y - other.y)
  let above = Number.NEGATIVE_INFINITY
  const pushedDown = sorted.map((label) => {
    above = Math.max(label.y, above + between)
    return { ...label, y: above }
  })
  let below = bottom + between
  return pushedDown
    .reverse()
    .map((label) => {
      below = Math.min(label.y, below - between)
      return { ...label, y: below }
    })
    .reverse()
}
