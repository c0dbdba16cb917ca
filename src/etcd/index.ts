/** The cluster's memory: etcd's v3 data model, and a member of it on the loop. */
export { ETCD_ERRORS, type EtcdError } from './errors.ts'
export { prefixEnd } from './key-range.ts'
export type {
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  EtcdEvent,
  EtcdPort,
  EtcdResult,
  KeyRange,
  KeyValue,
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveResponse,
  NestedTxnResponse,
  Op,
  OpResponse,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  Reply,
  TxnRequest,
  TxnResponse,
  WatchHandle,
  WatchRequest,
  WatchSink,
} from './types.ts'
