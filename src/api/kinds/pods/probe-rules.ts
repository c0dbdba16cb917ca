/** Probes and lifecycle handlers. Mirrors `validateProbe` and `validateHandler` of pkg/apis/core/validation. */
import type { Container, HTTPGetAction, LifecycleHandler, Probe } from 'kubernetes-types/core/v1.js'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { isHttpHeaderName } from '../../validation/index.ts'
import { checkCounts, checkOneOf, checkPortReference, checkText } from '../shared/rules.ts'

/** All probes of a container. */
export function validateProbes(container: Container, path: string): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe } = container
  return [
    ...(livenessProbe ? validateProbe(livenessProbe, `${path}.livenessProbe`, true) : []),
    ...(readinessProbe ? validateProbe(readinessProbe, `${path}.readinessProbe`, false) : []),
    ...(startupProbe ? validateProbe(startupProbe, `${path}.startupProbe`, true) : []),
  ]
}

function validateProbe(probe: Probe, path: string, succeedsOnce: boolean): FieldError[] {
  const errors = validateHandler(probe, path)
  errors.push(
    ...checkCounts(
      probe,
      ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'],
      path,
    ),
  )
  const grace = probe.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0) {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  }
  if (succeedsOnce && probe.successThreshold !== 1) {
    errors.push(invalidValue(`${path}.successThreshold`, probe.successThreshold, 'must be 1'))
  }
  return errors
}

/** postStart and preStop. */
export function validateLifecycle(container: Container, path: string): FieldError[] {
  const { postStart, preStop } = container.lifecycle ?? {}
  return [
    ...(postStart ? validateHandler(postStart, `${path}.lifecycle.postStart`) : []),
    ...(preStop ? validateHandler(preStop, `${path}.lifecycle.preStop`) : []),
  ]
}

type AnyHandler = LifecycleHandler & Pick<Probe, 'grpc'>

function validateHandler(handler: AnyHandler, path: string): FieldError[] {
  const errors: FieldError[] = []
  let handlers = 0
  const enter = (field: string, check: () => FieldError[]) => {
    handlers++
    if (handlers === 1) errors.push(...check())
    else errors.push(fieldForbidden(`${path}.${field}`, 'may not specify more than 1 handler type'))
  }
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  if (exec) enter('exec', () => (exec.command?.length ? [] : [required(`${path}.exec.command`)]))
  if (httpGet) enter('httpGet', () => validateHttpGet(httpGet, `${path}.httpGet`))
  if (tcpSocket) enter('tcpSocket', () => checkPortReference(tcpSocket.port, `${path}.tcpSocket.port`))
  if (grpc) enter('grpc', () => checkPortReference(grpc.port, `${path}.grpc.port`))
  if (sleep) enter('sleep', () => checkCounts(sleep, ['seconds'], `${path}.sleep`))
  if (handlers === 0) errors.push(required(path, 'must specify a handler type'))
  return errors
}

function validateHttpGet(action: HTTPGetAction, path: string): FieldError[] {
  const errors = action.path ? [] : [required(`${path}.path`)]
  errors.push(...checkPortReference(action.port, `${path}.port`))
  errors.push(...checkOneOf(action.scheme, `${path}.scheme`, ['HTTP', 'HTTPS']))
  for (const header of action.httpHeaders ?? []) {
    errors.push(...checkText(header.name, `${path}.httpHeaders`, isHttpHeaderName))
  }
  return errors
}
