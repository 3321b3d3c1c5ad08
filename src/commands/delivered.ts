import type { Delivered } from '../deliver/delivery.js'

/** One line for a delivery: `Delivered: the digest to slack:C0456 (1764140400.000100)`. */
export function deliveredLine({ what, to, message }: Delivered): string {
  return `Delivered: ${what} to ${to}${message === undefined ? '' : ` (${message})`}`
}
