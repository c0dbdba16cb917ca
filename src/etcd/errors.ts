/**
 * The refusals of etcd 3.5 (`api/v3rpc/rpctypes`), in its words, as values that can be compared by identity.
 */

/** A refused request. `code` is the gRPC status, `message` what clients print. */
export interface EtcdError {
  readonly code: 'OutOfRange' | 'InvalidArgument' | 'NotFound' | 'FailedPrecondition' | 'Unavailable'
  readonly message: string
}

function refusal(code: EtcdError['code'], message: string): EtcdError {
  return Object.freeze({ code, message: `etcdserver: ${message}` })
}

/** Every refusal there is: `result.error === ETCD_ERRORS.compacted`. */
export const ETCD_ERRORS = Object.freeze({
  compacted: refusal('OutOfRange', 'mvcc: required revision has been compacted'),
  futureRevision: refusal('OutOfRange', 'mvcc: required revision is a future revision'),
  emptyKey: refusal('InvalidArgument', 'key is not provided'),
  keyNotFound: refusal('InvalidArgument', 'key not found'),
  valueProvided: refusal('InvalidArgument', 'value is provided'),
  leaseProvided: refusal('InvalidArgument', 'lease is provided'),
  tooManyOps: refusal('InvalidArgument', 'too many operations in txn request'),
  duplicateKey: refusal('InvalidArgument', 'duplicate key given in txn request'),
  leaseNotFound: refusal('NotFound', 'requested lease not found'),
  leaseTtlTooLarge: refusal('OutOfRange', 'too large lease TTL'),
})
