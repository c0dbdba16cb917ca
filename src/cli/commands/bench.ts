/**
 * `kubarium bench`: what a cluster of some size costs on this machine, and the counters that are the same on all.
 */
import type { Command } from 'commander'
import { type BenchResult, measure } from '../bench/measure.ts'
import { wholeNumber } from '../options.ts'

interface BenchFlags {
  readonly nodes: number
  readonly pods: number
  readonly deployments?: number
  readonly service?: boolean
  readonly maxPods?: number
  readonly seed: number
  readonly json?: boolean
}

export function addBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('measure booting a cluster, creating pods through Deployments, and deleting them')
    .option('--nodes <n>', 'nodes of the cluster', wholeNumber, 100)
    .option('--pods <n>', 'pods to create', wholeNumber, 1000)
    .option('--deployments <n>', 'Deployments that share them (default: one per 100 pods)', wholeNumber)
    .option('--service', 'put one Service over all pods')
    .option('--max-pods <n>', 'pods a node takes (default: 110, or what the pods need)', wholeNumber)
    .option('--seed <n>', 'seed of the run', wholeNumber, 1)
    .option('--json', 'print the result as JSON')
    .action(runBench)
}

export function runBench(flags: BenchFlags): void {
  const result = measure({
    nodes: flags.nodes,
    pods: flags.pods,
    deployments: flags.deployments ?? Math.max(1, Math.ceil(flags.pods / 100)),
    hasService: flags.service ?? false,
    // A tenth more than an even spread needs, so that the scheduler has a choice.
    maxPods: flags.maxPods ?? Math.max(110, Math.ceil((flags.pods / flags.nodes) * 1.1)),
    seed: flags.seed,
  })
  process.stdout.write(flags.json ? `${JSON.stringify(result, undefined, 2)}\n` : report(result))
}

function report(result: BenchResult): string {
  const { options, counters } = result
  const rows: [string, string][] = [
    [
      'cluster',
      `${options.nodes} nodes, ${options.pods} pods in ${options.deployments} Deployments${options.hasService ? ', one Service over all' : ''}`,
    ],
    ['clients', 'without request rate limits'],
    ['boot', `${result.bootMs.toFixed(0)} ms`],
    ['wall', `${result.wallSeconds.toFixed(2)} s`],
    ['CPU', `${result.cpuSeconds.toFixed(2)} s, whole process`],
    ['events', `${result.events} (${Math.round(result.eventsPerSecond)}/s)`],
    ['pods to Ready', `${Math.round(result.podsPerSecond)}/s`],
    ['longest step', `${result.longestStepMs.toFixed(1)} ms (${result.longestStepLabel})`],
    ['peak RSS', `${Math.round(result.peakRssMb)} MB`],
    ['virtual time', `${result.virtualSeconds.toFixed(1)} s`],
    ['loop events a pod', counters.loopEvents.toFixed(1)],
    ['API requests a pod', counters.apiRequests.toFixed(2)],
    ['ReplicaSet reconciles a pod', counters.replicaSetReconciles.toFixed(2)],
    ['objects read a pod', counters.objectsRead.toFixed(2)],
    ['conflicts a pod', counters.conflicts.toFixed(3)],
    ['trace', `sha256:${result.sha256}`],
  ]
  return rows.map(([name, value]) => `${name.padEnd(28)} ${value}\n`).join('')
}
