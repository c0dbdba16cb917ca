/** Containers of a pod or template. Mirrors `validateContainers` and `validateInitContainers`. */
import type { Container, EnvFromSource, EnvVar, PodSpec, VolumeMount } from 'kubernetes-types/core/v1.js'
import {
  duplicate,
  type FieldError,
  fieldForbidden,
  fieldNotFound,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import {
  isConfigMapKey,
  isDns1123Label,
  isPortName,
  isRelaxedEnvironmentName,
} from '../../validation/index.ts'
import { validateResources } from '../shared/resource-rules.ts'
import { checkName, checkOneOf, checkPort, checkText, PROTOCOLS } from '../shared/rules.ts'
import { validateLifecycle, validateProbes } from './probe-rules.ts'
import { validateResizePolicy } from './resize-policy.ts'
import { validateLocalPath } from './volume-rules.ts'

/** Both lists of a pod's containers. */
export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Set(spec.volumes?.map(volume => volume.name))
  const names = new Set<string>()
  const errors: FieldError[] = []
  if (!spec.containers?.length) errors.push(required(`${path}.containers`))
  spec.containers?.forEach((container, index) => {
    const containerPath = `${path}.containers[${index}]`
    errors.push(...validateContainer(container, containerPath, volumes, names))
    errors.push(...validateLifecycle(container, containerPath), ...validateProbes(container, containerPath))
    if (container.resizePolicy) {
      errors.push(...validateResizePolicy(container, containerPath, spec.restartPolicy))
    }
    if (container.restartPolicy) {
      const detail = 'may not be set for non-init containers'
      errors.push(fieldForbidden(`${containerPath}.restartPolicy`, detail))
    }
  })
  errors.push(...hostPortConflicts(spec.containers, `${path}.containers`))
  spec.initContainers?.forEach((container, index) => {
    const containerPath = `${path}.initContainers[${index}]`
    errors.push(...validateContainer(container, containerPath, volumes, names))
    errors.push(...validateInitContainer(container, containerPath, spec.restartPolicy))
  })
  return errors
}

function validateInitContainer(
  container: Container,
  path: string,
  podRestartPolicy: string | undefined,
): FieldError[] {
  if (container.restartPolicy === 'Always') {
    return [
      ...validateLifecycle(container, path),
      ...validateProbes(container, path),
      ...validateResizePolicy(container, path, podRestartPolicy),
    ]
  }
  if (container.restartPolicy) {
    return [notSupported(`${path}.restartPolicy`, container.restartPolicy, ['Always'])]
  }
  const detail = 'may not be set for init containers without restartPolicy=Always'
  const errors = (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter(field => container[field])
    .map(field => fieldForbidden(`${path}.${field}`, detail))
  if (container.resizePolicy?.length) {
    const value = container.resizePolicy
    errors.push(invalidValue(`${path}.resizePolicy`, value, 'must not be set for init containers'))
  }
  return errors
}

function validateContainer(
  container: Container,
  path: string,
  volumes: ReadonlySet<string>,
  names: Set<string>,
): FieldError[] {
  const errors = checkName(container.name, `${path}.name`, isDns1123Label)
  if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name))
  else if (container.name) names.add(container.name)
  errors.push(...validateImage(container.image, `${path}.image`))
  errors.push(
    ...checkOneOf(container.terminationMessagePolicy, `${path}.terminationMessagePolicy`, [
      'File',
      'FallbackToLogsOnError',
    ]),
  )
  errors.push(...validatePorts(container, `${path}.ports`))
  container.env?.forEach((variable, index) => {
    errors.push(...validateVariable(variable, `${path}.env[${index}]`))
  })
  container.envFrom?.forEach((source, index) => {
    errors.push(...validateEnvFrom(source, `${path}.envFrom[${index}]`))
  })
  errors.push(...validateMounts(container.volumeMounts, `${path}.volumeMounts`, volumes))
  errors.push(
    ...checkOneOf(container.imagePullPolicy, `${path}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
  )
  errors.push(...validateResources(container.resources, `${path}.resources`))
  return errors
}

/** The image of a container, which may change in a pod's life. */
export function validateImage(image: string | undefined, path: string): FieldError[] {
  if (!image) return [required(path)]
  const isTrimmed = image === image.trim()
  return isTrimmed ? [] : [invalidValue(path, image, 'must not have leading or trailing whitespace')]
}

function validatePorts(container: Container, path: string): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  container.ports?.forEach((port, index) => {
    const portPath = `${path}[${index}]`
    if (port.name) {
      const nameErrors = checkText(port.name, `${portPath}.name`, isPortName)
      errors.push(...nameErrors)
      if (names.has(port.name)) errors.push(duplicate(`${portPath}.name`, port.name))
      else if (nameErrors.length === 0) names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${portPath}.containerPort`))
    else errors.push(...checkPort(port.containerPort, `${portPath}.containerPort`))
    if (port.hostPort) errors.push(...checkPort(port.hostPort, `${portPath}.hostPort`))
    errors.push(...checkOneOf(port.protocol, `${portPath}.protocol`, PROTOCOLS))
  })
  return errors
}

function hostPortConflicts(containers: readonly Container[] | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  const taken = new Set<string>()
  containers?.forEach((container, containerIndex) => {
    container.ports?.forEach((port, index) => {
      if (!port.hostPort) return
      const text = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`
      if (taken.has(text)) errors.push(duplicate(`${path}[${containerIndex}].ports[${index}].hostPort`, text))
      else taken.add(text)
    })
  })
  return errors
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'] as const

function validateVariable(variable: EnvVar, path: string): FieldError[] {
  const errors = variable.name
    ? checkText(variable.name, `${path}.name`, isRelaxedEnvironmentName)
    : [required(`${path}.name`)]
  const source = variable.valueFrom
  if (!source) return errors
  const sourcePath = `${path}.valueFrom`
  const given = SOURCES.filter(field => source[field])
  if (given.length === 0) {
    const detail = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
    errors.push(invalidValue(sourcePath, '', detail))
  } else if (variable.value) {
    errors.push(invalidValue(sourcePath, '', 'may not be specified when `value` is not empty'))
  } else if (given.length > 1) {
    errors.push(invalidValue(sourcePath, '', 'may not have more than one field specified at a time'))
  }
  if (source.fieldRef && !source.fieldRef.fieldPath) errors.push(required(`${sourcePath}.fieldRef.fieldPath`))
  for (const field of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const reference = source[field]
    if (!reference) continue
    if (!reference.name) errors.push(required(`${sourcePath}.${field}.name`))
    errors.push(...checkName(reference.key, `${sourcePath}.${field}.key`, isConfigMapKey))
  }
  return errors
}

function validateEnvFrom(source: EnvFromSource, path: string): FieldError[] {
  const errors = source.prefix ? checkText(source.prefix, `${path}.prefix`, isRelaxedEnvironmentName) : []
  const { configMapRef, secretRef } = source
  if (configMapRef && !configMapRef.name) errors.push(required(`${path}.configMapRef.name`))
  if (secretRef && !secretRef.name) errors.push(required(`${path}.secretRef.name`))
  if (!configMapRef && !secretRef) {
    errors.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
  } else if (configMapRef && secretRef) {
    errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  }
  return errors
}

function validateMounts(
  mounts: readonly VolumeMount[] | undefined,
  path: string,
  volumes: ReadonlySet<string>,
): FieldError[] {
  const errors: FieldError[] = []
  const mountPaths = new Set<string>()
  mounts?.forEach((mount, index) => {
    const mountPath = `${path}[${index}]`
    if (!mount.name) errors.push(required(`${mountPath}.name`))
    else if (!volumes.has(mount.name)) errors.push(fieldNotFound(`${mountPath}.name`, mount.name))
    if (!mount.mountPath) errors.push(required(`${mountPath}.mountPath`))
    if (mountPaths.has(mount.mountPath)) {
      errors.push(invalidValue(`${mountPath}.mountPath`, mount.mountPath, 'must be unique'))
    }
    mountPaths.add(mount.mountPath)
    if (mount.subPath) errors.push(...validateLocalPath(mount.subPath, `${mountPath}.subPath`))
  })
  return errors
}
