/** `sim explain POD`: what the scheduler thought of every node when it last tried to place a pod. */
import type { Cluster } from '../../cluster/index.ts'
import type { NodeExplanation } from '../../scheduler/index.ts'
import { UserError } from '../../sim/index.ts'
import { clockTime } from '../clock-time.ts'
import { podsOf } from '../pods-of.ts'
import { expectWords, type Verb } from './verb.ts'

export const EXPLAIN: Verb = {
  name: 'explain',
  usage: 'explain POD (or deployment/NAME for its first pod)',
  flags: [],
  read(call) {
    const [pod = ''] = expectWords(call, EXPLAIN.usage, 1)
    return function* ({ cluster, print }) {
      print(`${explain(cluster, pod)}\n`)
    }
  },
}

function explain(cluster: Cluster, pod: string): string {
  const [first] = podsOf(cluster, pod)
  if (!first) throw new UserError(`${pod} has no pod`, { mend: 'Look with: kubectl get pods' })
  const { namespace, name } = first.metadata
  const scheduler = cluster.world.controlPlane.scheduler.present
  if (!scheduler) throw new UserError('the scheduler is down', { mend: 'sim recover kube-scheduler' })
  const decision = scheduler.explain(`${namespace}/${name}`)
  if (!decision) throw new UserError(`the scheduler has decided nothing about ${namespace}/${name} yet`)
  const { result, nodes, attempt, atMs } = decision
  const outcome = 'nodeName' in result ? `chose ${result.nodeName}` : result.message
  const lines = [`attempt ${attempt} at ${clockTime({ now: atMs })}: ${outcome}`]
  if (!nodes) lines.push('too much has happened since to work out the nodes again')
  const width = Math.max(0, ...(nodes ?? []).map(({ node }) => node.length))
  for (const node of nodes ?? []) lines.push(`  ${node.node.padEnd(width)}  ${verdictOn(node)}`)
  return lines.join('\n')
}

function verdictOn({ filters, scores, total }: NodeExplanation): string {
  const objection = filters.find(({ reasons }) => reasons.length > 0)
  if (objection) return `no   ${objection.plugin}: ${objection.reasons.join(', ')}`
  if (scores.length === 0) return 'yes'
  const parts = scores.map(
    ({ plugin, score, weight }) => `${plugin} ${score}${weight === 1 ? '' : `x${weight}`}`,
  )
  return `${String(total).padEnd(3)}  ${parts.join(', ')}`
}
