/**
 * The names of the statuses with which Google's APIs refuse something over gRPC, by their numbers.
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const NAMES = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
} as const
export type GrpcStatus = (typeof NAMES)[keyof typeof NAMES]

const STATUSES: ReadonlyMap<number, GrpcStatus> = new Map(
  Object.entries(NAMES).map(([code, name]) => [Number(code), name]),
)

/** The name of a status; undefined for one that no request of this program is known to meet. */
export function grpcStatus(code: number | null | undefined): GrpcStatus | undefined {
  return STATUSES.get(code ?? 0)
}
