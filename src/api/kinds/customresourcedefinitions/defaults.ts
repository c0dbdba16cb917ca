/** Mirrors `SetDefaults_CustomResourceDefinition` of apiextensions/v1/defaults.go. */
import type { CustomResourceConversion } from 'kubernetes-types/apiextensions/v1.js'
import { changeField, fill } from '../shared/fill.ts'
import type { CustomResourceDefinition, CustomResourceDefinitionSpec } from './types.ts'

const NO_CONVERSION = Object.freeze({ strategy: 'None' })
const WEBHOOK_PORT = 443

export function defaultCustomResourceDefinition(
  definition: CustomResourceDefinition,
): CustomResourceDefinition {
  const complete = fill(changeField(definition, 'spec', defaultSpec), { status: {} })
  return withStoredVersion(complete)
}

/** The versions that objects were ever stored in, the one that new objects are stored in among them. */
export function withStoredVersion(definition: CustomResourceDefinition): CustomResourceDefinition {
  const stored = definition.status.storedVersions ?? []
  const storage = definition.spec?.versions?.find(version => version.storage)?.name
  if (storage === undefined || stored.includes(storage)) return definition
  return { ...definition, status: { ...definition.status, storedVersions: [...stored, storage] } }
}

function defaultSpec(spec: CustomResourceDefinitionSpec): CustomResourceDefinitionSpec {
  const complete = fill(spec, { conversion: NO_CONVERSION })
  const withNames = changeField(complete, 'names', names => {
    return names.kind
      ? fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` })
      : names
  })
  return changeField(withNames, 'conversion', defaultConversion)
}

function defaultConversion(conversion: CustomResourceConversion): CustomResourceConversion {
  return changeField(conversion, 'webhook', webhook =>
    changeField(webhook, 'clientConfig', config =>
      changeField(config, 'service', service => fill(service, { port: WEBHOOK_PORT })),
    ),
  )
}
