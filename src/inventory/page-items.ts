/** A page as far as its elements can be read. */
export interface Elements<Element> {
  readonly found: readonly Element[]
  /** Positions of the elements that cannot even be named, from 0. */
  readonly unnamed: readonly number[]
}

/** Reads each element of a page by itself, so that a malformed one costs no other. */
export function elementsOf<Element>(
  page: readonly unknown[],
  read: (element: unknown) => Element | undefined,
): Elements<Element> {
  const found: Element[] = []
  const unnamed: number[] = []
  for (const [position, element] of page.entries()) {
    const readable = read(element)
    if (readable === undefined) unnamed.push(position)
    else found.push(readable)
  }
  return { found, unnamed }
}
