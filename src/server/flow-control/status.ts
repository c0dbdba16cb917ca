/**
 * Says of each FlowSchema whether its priority level is there. Mirrors syncFlowSchema of apf_controller.go in
 * k8s.io/apiserver. What it writes enters as an input, like anything from outside.
 */
import { type FlowSchema, FlowSchemas, PriorityLevelConfigurations } from '../../api/index.ts'
import type { ApiServer } from '../../apiserver/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { OutsideRequest } from '../../cluster/index.ts'
import { formatTime } from '../../sim/index.ts'
import type { Gateway } from '../gateway.ts'
import type { Pace } from '../pace.ts'

/** The server, talking to itself. */
const SELF: UserInfo = Object.freeze({ name: 'system:apiserver', groups: Object.freeze(['system:masters']) })
const MANAGER = 'api-priority-and-fairness-config-consumer-v1'

/** Looks from now on, whenever time has passed. */
export function reportSchemas(gateway: Gateway, pace: Pace): void {
  let seen: { readonly server: ApiServer; readonly changes: string } | undefined
  pace.whenPassed(() => {
    const server = gateway.cluster.world.controlPlane.apiServer.present
    if (!server) return
    const changes = `${server.changesOf(FlowSchemas)} ${server.changesOf(PriorityLevelConfigurations)}`
    if (seen?.server === server && seen.changes === changes) return
    seen = { server, changes }
    const reports = server
      .readAll(FlowSchemas)
      .flatMap(schema => reportOn(schema, server, gateway.cluster.sim.now))
    if (reports.length === 0) return
    // Not from here: whoever looks changes nothing.
    setImmediate(() => {
      if (gateway.cluster.world.controlPlane.apiServer.present !== server) return
      for (const report of reports) gateway.request(SELF, report, () => {})
    })
  })
}

/** What is to be written of a schema; nothing when it is there already. */
function reportOn(
  { metadata, spec, status }: FlowSchema,
  server: ApiServer,
  nowMs: number,
): OutsideRequest[] {
  const name = spec.priorityLevelConfiguration.name
  const isDangling = !server.read(PriorityLevelConfigurations, '', name)
  const wanted = isDangling ? 'True' : 'False'
  if (status?.conditions?.some(({ type, status }) => type === 'Dangling' && status === wanted)) return []
  const body = {
    apiVersion: FlowSchemas.apiVersion,
    kind: FlowSchemas.kind,
    metadata: { name: metadata.name },
    status: {
      conditions: [
        {
          type: 'Dangling',
          status: wanted,
          lastTransitionTime: formatTime(nowMs),
          reason: isDangling ? 'NotFound' : 'Found',
          message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)} ${isDangling ? 'but there is no such object' : 'and it exists'}`,
        },
      ],
    },
  }
  return [
    {
      verb: 'patch',
      apiVersion: FlowSchemas.apiVersion,
      resource: FlowSchemas.plural,
      namespace: '',
      name: metadata.name,
      subresource: 'status',
      body,
      options: { patchType: 'apply', fieldManager: MANAGER, force: true },
      userAgent: 'kube-apiserver',
    },
  ]
}
