import type { Shelf } from '../wire/pages.js'
import { type Project, parentOf, type World } from './world.js'

const positions = new WeakMap<World, ReadonlyMap<string, readonly number[]>>()

/** The projects directly below `folders/N` or `organizations/N`, made when they are asked for. */
export function childrenOf(world: World, parent: string): Shelf<Project> {
  const children = indexOf(world).get(parent) ?? []
  return {
    length: children.length,
    at: (index) => children.slice(index, index + 1).map((position) => world.projectAt(position)),
  }
}

/** Positions of projects by parent: the one thing that is held for every project of a large world. */
function indexOf(world: World): ReadonlyMap<string, readonly number[]> {
  const known = positions.get(world)
  if (known) return known
  const index = new Map<string, number[]>()
  for (let position = 0; position < world.projectCount; position += 1) {
    const parent = parentOf(world, world.projectAt(position))
    const siblings = index.get(parent)
    if (siblings) siblings.push(position)
    else index.set(parent, [position])
  }
  positions.set(world, index)
  return index
}
