/** What flow control does, in Prometheus' terms. Names are kube-apiserver's. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { FlowControl, FlowCounts } from './index.ts'
import type { PriorityLevel } from './level.ts'

export function registerFlowControl(flow: FlowControl, registry: Registry): void {
  const registers = [registry]
  const ofLevel = (name: string, help: string, read: (level: PriorityLevel) => number) => {
    const gauge: Gauge = new Gauge({
      name: `apiserver_flowcontrol_${name}`,
      help,
      labelNames: ['priority_level'],
      registers,
      collect: () => {
        gauge.reset()
        for (const level of flow.levels.values()) gauge.set({ priority_level: level.name }, read(level))
      },
    })
  }
  const ofFlow = (name: string, help: string, read: (counts: FlowCounts) => number) => {
    const gauge: Gauge = new Gauge({
      name: `apiserver_flowcontrol_${name}`,
      help,
      labelNames: ['priority_level', 'flow_schema'],
      registers,
      collect: () => {
        for (const counts of flow.counts) gauge.set(labelsOf(counts), read(counts))
      },
    })
  }
  ofLevel(
    'nominal_limit_seats',
    'Nominal number of execution seats configured for each priority level',
    ({ bounds }) => bounds.nominal,
  )
  ofLevel(
    'current_limit_seats',
    'current derived number of execution seats available to each priority level',
    ({ seats }) => seats,
  )
  ofFlow(
    'current_inqueue_requests',
    'Number of requests currently pending in queues of the API Priority and Fairness subsystem',
    ({ waiting }) => waiting,
  )
  ofFlow(
    'current_executing_requests',
    'Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem',
    ({ executing }) => executing,
  )
  ofFlow(
    'current_executing_seats',
    'Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem',
    ({ executingSeats }) => executingSeats,
  )
  registerTotals(flow, registers)
}

function registerTotals(flow: FlowControl, registers: Registry[]): void {
  const dispatched: Counter = new Counter({
    name: 'apiserver_flowcontrol_dispatched_requests_total',
    help: 'Number of requests executed by API Priority and Fairness subsystem',
    labelNames: ['priority_level', 'flow_schema'],
    registers,
    collect: () => {
      dispatched.reset()
      for (const counts of flow.counts) dispatched.inc(labelsOf(counts), counts.dispatched)
    },
  })
  const rejected: Counter = new Counter({
    name: 'apiserver_flowcontrol_rejected_requests_total',
    help: 'Number of requests rejected by API Priority and Fairness subsystem',
    labelNames: ['priority_level', 'flow_schema', 'reason'],
    registers,
    collect: () => {
      rejected.reset()
      for (const counts of flow.counts) {
        for (const [reason, count] of counts.rejected) rejected.inc({ ...labelsOf(counts), reason }, count)
      }
    },
  })
}

function labelsOf({ level, schema }: FlowCounts): { priority_level: string; flow_schema: string } {
  return { priority_level: level, flow_schema: schema }
}
