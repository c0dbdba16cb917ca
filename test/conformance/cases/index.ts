/** Every set of cases. A new set is a file here and a line. */
import type { CaseSet } from '../harness.ts'
import { ACCESS } from './access.ts'
import { APPLY } from './apply.ts'
import { CONTAINERS } from './containers.ts'
import { CREATE } from './create.ts'
import { CUSTOM } from './custom.ts'
import { DELETE } from './delete.ts'
import { DISCOVERY } from './discovery.ts'
import { ERRORS } from './errors.ts'
import { FLOW_CONTROL } from './flow-control.ts'
import { GET } from './get.ts'
import { HABITS } from './habits.ts'
import { MANIFESTS } from './manifests.ts'
import { NODES } from './nodes.ts'
import { STREAMS } from './streams.ts'
import { WORKLOADS } from './workloads.ts'

export const CASE_SETS: readonly CaseSet[] = [
  DISCOVERY,
  GET,
  CREATE,
  APPLY,
  ERRORS,
  DELETE,
  CUSTOM,
  ACCESS,
  FLOW_CONTROL,
  WORKLOADS,
  CONTAINERS,
  STREAMS,
  NODES,
  HABITS,
  MANIFESTS,
]
