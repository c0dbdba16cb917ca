/**
 * What the API server fills in in a container and its probes, in templates and pods alike. Mirrors
 * `SetDefaults_Container`, `SetDefaults_Probe` and their like in pkg/apis/core/v1/defaults.go.
 */
import type { Container, ContainerPort, EnvVar, LifecycleHandler, Probe } from 'kubernetes-types/core/v1.js'
import { changeField, fill, mapKept, withField } from '../shared/fill.ts'
import { canonicalRequirements } from '../shared/resources.ts'
import { defaultPullPolicy } from './images.ts'

const PORT_DEFAULTS = { protocol: 'TCP' } as const
const HTTP_GET_DEFAULTS = { path: '/', scheme: 'HTTP' } as const
const PROBE_DEFAULTS = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }
const FIELD_REF_DEFAULTS = { apiVersion: 'v1' } as const

/** A container complete. */
export function defaultContainer(container: Container): Container {
  let complete = fill(container, {
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  })
  complete = changeField(complete, 'resources', canonicalRequirements)
  complete = changeField(complete, 'ports', ports => mapKept(ports, defaultPort))
  complete = changeField(complete, 'env', env => mapKept(env, defaultEnvVar))
  complete = changeField(complete, 'livenessProbe', defaultProbe)
  complete = changeField(complete, 'readinessProbe', defaultProbe)
  complete = changeField(complete, 'startupProbe', defaultProbe)
  return changeField(complete, 'lifecycle', lifecycle => {
    const started = changeField(lifecycle, 'postStart', defaultHandler)
    return changeField(started, 'preStop', defaultHandler)
  })
}

function defaultPort(port: ContainerPort): ContainerPort {
  return fill(port, PORT_DEFAULTS)
}

function defaultEnvVar(variable: EnvVar): EnvVar {
  return changeField(variable, 'valueFrom', source =>
    changeField(source, 'fieldRef', reference => fill(reference, FIELD_REF_DEFAULTS)),
  )
}

function defaultHandler<T extends LifecycleHandler>(handler: T): T {
  if (!handler.httpGet) return handler
  const httpGet = fill(handler.httpGet, HTTP_GET_DEFAULTS)
  return httpGet === handler.httpGet ? handler : { ...handler, httpGet }
}

function defaultProbe(probe: Probe): Probe {
  let complete: Probe = defaultHandler(probe)
  for (const name of ['timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const) {
    if (!complete[name]) complete = withField(complete, name, PROBE_DEFAULTS[name])
  }
  return complete
}
