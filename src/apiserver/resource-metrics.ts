/** What nodes and containers use, as metrics-server has scraped it. Declared here, implemented by who knows kubelets. */
import type { ContainerUsage, NodeUsage } from '../api/index.ts'

export interface ResourceMetrics {
  /** Of what has been measured at present; asked only when somebody asks the API. */
  read(): { readonly nodes: readonly NodeUsage[]; readonly containers: readonly ContainerUsage[] }
}

/** A cluster without metrics-server's data. */
export const NO_METRICS: ResourceMetrics = { read: () => ({ nodes: [], containers: [] }) }
