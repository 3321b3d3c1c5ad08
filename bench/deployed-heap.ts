import { readFileSync } from 'node:fs'

/** The `NODE_OPTIONS` that the deployment sets by default. */
export function deployedHeap(): string {
  const [, options] = /^ +_NODE_OPTIONS: ([^#\n]*)/m.exec(readFileSync('cloudbuild.yaml', 'utf8')) ?? []
  return options?.trim() ?? ''
}
