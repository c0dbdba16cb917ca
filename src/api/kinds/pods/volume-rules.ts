/** Volumes of a pod. Mirrors `ValidateVolumes`; the sources of single storage vendors are not looked into. */
import type { KeyToPath, Volume } from 'kubernetes-types/core/v1.js'
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { isDns1123Label } from '../../validation/index.ts'
import { checkName } from '../shared/rules.ts'

export function validateVolumes(volumes: readonly Volume[] | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  volumes?.forEach((volume, index) => {
    const volumePath = `${path}[${index}]`
    errors.push(...validateSource(volume, volumePath))
    const nameErrors = checkName(volume.name, `${volumePath}.name`, isDns1123Label)
    errors.push(...nameErrors)
    if (names.has(volume.name)) errors.push(duplicate(`${volumePath}.name`, volume.name))
    else if (nameErrors.length === 0) names.add(volume.name)
  })
  return errors
}

function validateSource(volume: Volume, path: string): FieldError[] {
  const errors: FieldError[] = []
  let sources = 0
  for (const field in volume) {
    if (field === 'name' || volume[field as keyof Volume] == null) continue
    sources++
    if (sources === 1) errors.push(...validateContent(volume, `${path}.${field}`))
    else errors.push(fieldForbidden(`${path}.${field}`, 'may not specify more than 1 volume type'))
  }
  if (sources === 0) errors.push(required(path, 'must specify a volume type'))
  return errors
}

function validateContent(volume: Volume, path: string): FieldError[] {
  const { configMap, secret, persistentVolumeClaim: claim, hostPath, projected } = volume
  if (configMap) {
    return [...present(configMap.name, `${path}.name`), ...validateItems(configMap.items, `${path}.items`)]
  }
  if (secret) {
    return [
      ...present(secret.secretName, `${path}.secretName`),
      ...validateItems(secret.items, `${path}.items`),
    ]
  }
  if (claim) return present(claim.claimName, `${path}.claimName`)
  if (hostPath) return validateHostPath(hostPath.path, `${path}.path`)
  const errors: FieldError[] = []
  projected?.sources?.forEach((source, index) => {
    const sourcePath = `${path}.sources[${index}]`
    if (source.configMap) errors.push(...present(source.configMap.name, `${sourcePath}.configMap.name`))
    if (source.secret) errors.push(...present(source.secret.name, `${sourcePath}.secret.name`))
    if (source.serviceAccountToken) {
      errors.push(...present(source.serviceAccountToken.path, `${sourcePath}.serviceAccountToken.path`))
    }
  })
  return errors
}

function validateItems(items: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  items?.forEach((item, index) => {
    errors.push(...present(item.key, `${path}[${index}].key`))
    const missing = present(item.path, `${path}[${index}].path`)
    errors.push(...(missing.length > 0 ? missing : validateLocalPath(item.path, `${path}[${index}].path`)))
  })
  return errors
}

function validateHostPath(hostPath: string, path: string): FieldError[] {
  if (!hostPath) return [required(path)]
  return hasParent(hostPath) ? [invalidValue(path, hostPath, "must not contain '..'")] : []
}

/** A path inside something: relative and not leaving it. */
export function validateLocalPath(localPath: string, path: string): FieldError[] {
  const errors = localPath.startsWith('/') ? [invalidValue(path, localPath, 'must be a relative path')] : []
  if (hasParent(localPath)) errors.push(invalidValue(path, localPath, "must not contain '..'"))
  return errors
}

function hasParent(path: string): boolean {
  return path.split('/').includes('..')
}

function present(value: string | undefined, path: string): FieldError[] {
  return value ? [] : [required(path)]
}
