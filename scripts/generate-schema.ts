/**
 * Writes `src/api/schema/schema.generated.ts` from the published types of Kubernetes 1.33: `npm run generate`.
 * Names, types and formats of fields come from @kubernetes/client-node; which strings are quantities, from
 * kubernetes-models. The result is one line of JSON in a string, so that loading it costs nothing until it is used.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as client from '@kubernetes/client-node'

interface Attribute {
  readonly baseName: string
  readonly type: string
  readonly format: string
}

/** What a client may send, by apiVersion and kind: the class of client-node that describes it. */
const ROOTS: Readonly<Record<string, string>> = {
  'v1/Namespace': 'V1Namespace',
  'v1/Node': 'V1Node',
  'v1/Pod': 'V1Pod',
  'v1/Service': 'V1Service',
  'v1/Endpoints': 'V1Endpoints',
  'v1/ConfigMap': 'V1ConfigMap',
  'v1/Secret': 'V1Secret',
  'v1/ServiceAccount': 'V1ServiceAccount',
  'v1/Event': 'CoreV1Event',
  'v1/PersistentVolume': 'V1PersistentVolume',
  'v1/PersistentVolumeClaim': 'V1PersistentVolumeClaim',
  'v1/Binding': 'V1Binding',
  'apps/v1/Deployment': 'V1Deployment',
  'apps/v1/ReplicaSet': 'V1ReplicaSet',
  'apps/v1/StatefulSet': 'V1StatefulSet',
  'apps/v1/DaemonSet': 'V1DaemonSet',
  'apps/v1/ControllerRevision': 'V1ControllerRevision',
  'batch/v1/Job': 'V1Job',
  'coordination.k8s.io/v1/Lease': 'V1Lease',
  'discovery.k8s.io/v1/EndpointSlice': 'V1EndpointSlice',
  'storage.k8s.io/v1/StorageClass': 'V1StorageClass',
  'scheduling.k8s.io/v1/PriorityClass': 'V1PriorityClass',
  'node.k8s.io/v1/RuntimeClass': 'V1RuntimeClass',
  'storage.k8s.io/v1/CSIDriver': 'V1CSIDriver',
  'storage.k8s.io/v1/CSINode': 'V1CSINode',
  'storage.k8s.io/v1/CSIStorageCapacity': 'V1CSIStorageCapacity',
  'storage.k8s.io/v1/VolumeAttachment': 'V1VolumeAttachment',
  'v1/LimitRange': 'V1LimitRange',
  'v1/ResourceQuota': 'V1ResourceQuota',
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': 'V1MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': 'V1ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': 'V1ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': 'V1ValidatingAdmissionPolicyBinding',
  'networking.k8s.io/v1/Ingress': 'V1Ingress',
  'networking.k8s.io/v1/IngressClass': 'V1IngressClass',
  'networking.k8s.io/v1/NetworkPolicy': 'V1NetworkPolicy',
  'networking.k8s.io/v1/IPAddress': 'V1IPAddress',
  'networking.k8s.io/v1/ServiceCIDR': 'V1ServiceCIDR',
  'batch/v1/CronJob': 'V1CronJob',
  'autoscaling/v2/HorizontalPodAutoscaler': 'V2HorizontalPodAutoscaler',
  'v1/ReplicationController': 'V1ReplicationController',
  'v1/PodTemplate': 'V1PodTemplate',
  'autoscaling/v1/HorizontalPodAutoscaler': 'V1HorizontalPodAutoscaler',
  'flowcontrol.apiserver.k8s.io/v1/FlowSchema': 'V1FlowSchema',
  'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': 'V1PriorityLevelConfiguration',
  'apiregistration.k8s.io/v1/APIService': 'V1APIService',
  'events.k8s.io/v1/Event': 'EventsV1Event',
  'autoscaling/v1/Scale': 'V1Scale',
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'V1CustomResourceDefinition',
  'policy/v1/PodDisruptionBudget': 'V1PodDisruptionBudget',
  'v1/ComponentStatus': 'V1ComponentStatus',
  'rbac.authorization.k8s.io/v1/Role': 'V1Role',
  'rbac.authorization.k8s.io/v1/RoleBinding': 'V1RoleBinding',
  'rbac.authorization.k8s.io/v1/ClusterRole': 'V1ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': 'V1ClusterRoleBinding',
  'certificates.k8s.io/v1/CertificateSigningRequest': 'V1CertificateSigningRequest',
  'authentication.k8s.io/v1/TokenReview': 'V1TokenReview',
  'authentication.k8s.io/v1/SelfSubjectReview': 'V1SelfSubjectReview',
  'authentication.k8s.io/v1/TokenRequest': 'AuthenticationV1TokenRequest',
  'authorization.k8s.io/v1/SubjectAccessReview': 'V1SubjectAccessReview',
  'authorization.k8s.io/v1/LocalSubjectAccessReview': 'V1LocalSubjectAccessReview',
  'authorization.k8s.io/v1/SelfSubjectAccessReview': 'V1SelfSubjectAccessReview',
  'authorization.k8s.io/v1/SelfSubjectRulesReview': 'V1SelfSubjectRulesReview',
  'policy/v1/Eviction': 'V1Eviction',
}

const modelsFolder = dirname(createRequire(import.meta.url).resolve('kubernetes-models/package.json'))
const classes = client as unknown as Record<
  string,
  { getAttributeTypeMap?(): readonly Attribute[] } | undefined
>
const types: Record<string, Record<string, string>> = {}

function addType(name: string): void {
  if (types[name]) return
  const attributes = classes[name]?.getAttributeTypeMap?.()
  if (!attributes) throw new Error(`@kubernetes/client-node describes no ${name}`)
  const quantities = quantityFields(name)
  const fields: Record<string, string> = {}
  types[name] = fields
  for (const { baseName, type, format } of attributes) {
    const code = codeOf(type, format)
    fields[baseName] = quantities.has(baseName) ? code.replace('s', 'q') : code
    const below = /@(\w+)/.exec(code)?.[1]
    if (below) addType(below)
  }
}

/** A letter for what a field holds; `[]` and `{}` before it for lists and maps; `@` before the name of a type. */
function codeOf(type: string, format: string): string {
  const list = /^Array<(.*)>$/.exec(type)?.[1]
  if (list) return `[]${codeOf(list, format)}`
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1]
  if (map) return `{}${codeOf(map, format)}`
  const plain = PLAIN[format ? `${type} ${format}` : type]
  if (plain) return plain
  if (classes[type]) return `@${type}`
  throw new Error(`no code for type ${type} with format ${format}`)
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 's',
  'string byte': 'B',
  boolean: 'b',
  'number int32': 'i',
  'number int64': 'l',
  'number double': 'd',
  'Date date-time': 't',
  'V1MicroTime date-time-micro': 't',
  'IntOrString int-or-string': 'x',
  any: '*',
}

/** Fields of a core type that hold quantities, which client-node calls strings. */
function quantityFields(name: string): Set<string> {
  const file = join(modelsFolder, 'v1', `${name.replace(/^V1/, '')}.d.ts`)
  if (!existsSync(file)) return new Set()
  const field = /"(\w+)"\??: (?:\{\s*\[key: string\]: )?IIoK8sApimachineryPkgApiResourceQuantity/g
  return new Set([...readFileSync(file, 'utf8').matchAll(field)].map(match => match[1]!))
}

for (const name of Object.values(ROOTS)) addType(name)
const json = JSON.stringify({ kinds: ROOTS, types })
const source = `/** Made by scripts/generate-schema.ts from the published types of Kubernetes 1.33. */\nexport const SCHEMA = '${json}'\n`
writeFileSync(new URL('../src/api/schema/schema.generated.ts', import.meta.url), source)
console.log(`${Object.keys(types).length} types, ${json.length} bytes`)
