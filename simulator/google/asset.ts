/** A resource as the asset inventory keeps it, before a listing or a search gives it its form. */
export interface Asset {
  readonly assetType: string
  readonly name: string
  /** Full resource name. */
  readonly parent: string
  /** Nearest first, itself included where it is a project or folder. */
  readonly ancestors: readonly string[]
  readonly displayName?: string
  readonly state?: string
  readonly labels: Readonly<Record<string, string>>
  readonly createTime?: string
  readonly updateTime: string
  readonly version: string
  readonly discoveryName: string
  /** A part of `data` was left out for its size. */
  readonly isTruncated?: boolean
  readonly data: Readonly<Record<string, unknown>>
}
