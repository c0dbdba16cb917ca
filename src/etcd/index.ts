/** The cluster's memory: etcd's v3 data model, and a member of it on the loop. */
export { type Disk, SimulatedDisk } from './disk.ts'
export { ETCD_ERRORS, type EtcdError } from './errors.ts'
export { Etcd, type EtcdOptions } from './etcd.ts'
export { prefixEnd } from './key-range.ts'
export { MvccStore, type MvccStoreOptions } from './mvcc-store.ts'
export { MemoryStorage, type Snapshot, type Storage } from './storage.ts'
export type {
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  EtcdEvent,
  EtcdMemberPort,
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
  OptimisticReply,
  OptimisticResponse,
  OptimisticWrite,
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
