/**
 * Objects made of a command line: what `kubectl create deployment web --image=nginx` sends.
 */
import type { ServiceSpec } from 'kubernetes-types/core/v1.js'
import {
  ConfigMaps,
  Deployments,
  encodeBase64,
  Jobs,
  Namespaces,
  Secrets,
  ServiceAccounts,
} from '../api/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError } from './kubectl-error.ts'
import { emptyMetadata, type Generated, generated, service, servicePort } from './skeletons.ts'

type Generator = (invocation: Invocation, name: string) => Generated

const GENERATORS: Readonly<Record<string, Generator>> = {
  deployment,
  deploy: deployment,
  namespace,
  ns: namespace,
  serviceaccount: serviceAccount,
  sa: serviceAccount,
  configmap: configMap,
  cm: configMap,
  job,
}

/** What the real kubectl can create and this one cannot. */
const OTHERS: readonly string[] = [
  'clusterrole',
  'clusterrolebinding',
  'cronjob',
  'cj',
  'ingress',
  'ing',
  'poddisruptionbudget',
  'pdb',
  'priorityclass',
  'pc',
  'quota',
  'resourcequota',
  'role',
  'rolebinding',
  'token',
]

/** Throws KubectlError for what cannot be generated. */
export function generate(invocation: Invocation): Generated {
  const [type = '', ...rest] = invocation.args.words
  if (type === 'secret') return secret(invocation, rest)
  if (type === 'service' || type === 'svc') return createService(invocation, rest)
  const generator = Object.hasOwn(GENERATORS, type) ? GENERATORS[type] : undefined
  if (generator) return generator(invocation, named(type, rest))
  if (OTHERS.includes(type)) throw new KubectlError(`error: kubectl create ${type} is not modelled; use -f`)
  throw new KubectlError(`error: Unexpected args: [${type}]\nSee 'kubectl create -h' for help and examples`)
}

function named(type: string, words: readonly string[]): string {
  const [name] = words
  if (name !== undefined && words.length === 1) return name
  throw new KubectlError(
    `error: exactly one NAME is required, got ${words.length}\nSee 'kubectl create ${type} -h' for help and examples`,
  )
}

function namespace(_: Invocation, name: string): Generated {
  return generated(Namespaces, { name }, { spec: {}, status: {} })
}

function serviceAccount(_: Invocation, name: string): Generated {
  return generated(ServiceAccounts, { name }, {})
}

function configMap(invocation: Invocation, name: string): Generated {
  return generated(ConfigMaps, { name }, dataOf(literals(invocation)))
}

function secret(invocation: Invocation, [type, ...words]: readonly string[]): Generated {
  if (type !== 'generic') {
    throw new KubectlError(
      type === 'tls' || type === 'docker-registry'
        ? `error: kubectl create secret ${type} is not modelled; use -f`
        : `error: unknown command ${JSON.stringify(type ?? '')}\nSee 'kubectl create secret -h' for help and examples`,
    )
  }
  const name = named('secret generic', words)
  const encoded = Object.entries(literals(invocation)).map(([key, value]) => [key, encodeBase64(value)])
  const secretType = invocation.args.flags.text('type')
  return generated(
    Secrets,
    { name },
    { ...dataOf(Object.fromEntries(encoded)), ...(secretType && { type: secretType }) },
  )
}

function dataOf(data: Readonly<Record<string, string>>): { data?: Readonly<Record<string, string>> } {
  return Object.keys(data).length > 0 ? { data } : {}
}

function deployment(invocation: Invocation, name: string): Generated {
  const { args } = invocation
  const { flags, afterDashes } = args
  const images = flags.list('image')
  if (images.length === 0) throw new KubectlError('error: required flag(s) "image" not set')
  if (images.length > 1 && afterDashes.length > 0) {
    throw new KubectlError('error: cannot specify multiple --image options and command')
  }
  const port = flags.text('port')
  const containers = images.map((image, i) => ({
    name: containerName(image),
    image,
    resources: {},
    ...(afterDashes.length > 0 && { command: [...afterDashes] }),
    ...(i === 0 && port !== undefined && { ports: [{ containerPort: Number(port) }] }),
  }))
  const labels = { app: name }
  const spec = {
    replicas: flags.integer('replicas') ?? 1,
    selector: { matchLabels: labels },
    strategy: {},
    template: { metadata: emptyMetadata({ labels }), spec: { containers } },
  }
  return generated(Deployments, { name, labels }, { spec, status: {} })
}

function job(invocation: Invocation, name: string): Generated {
  const { flags, afterDashes } = invocation.args
  const [image] = flags.list('image')
  if (flags.has('from')) throw new KubectlError('error: kubectl create job --from is not modelled; use -f')
  if (image === undefined) throw new KubectlError('error: either --image or --from must be specified')
  const command = afterDashes.length > 0 ? { command: [...afterDashes] } : {}
  const containers = [{ name, image, resources: {}, ...command }]
  const template = { metadata: emptyMetadata({}), spec: { containers, restartPolicy: 'Never' } }
  return generated(Jobs, { name }, { spec: { template }, status: {} })
}

const SERVICE_TYPES: Readonly<Record<string, string>> = {
  clusterip: 'ClusterIP',
  externalname: 'ExternalName',
  loadbalancer: 'LoadBalancer',
  nodeport: 'NodePort',
}

function createService(invocation: Invocation, [typed = '', ...words]: readonly string[]): Generated {
  const { flags } = invocation.args
  const type = SERVICE_TYPES[typed]
  if (!type) {
    throw new KubectlError(
      `error: unknown command ${JSON.stringify(typed)}\nSee 'kubectl create service -h' for help and examples`,
    )
  }
  const name = named(`service ${typed}`, words)
  const nodePort = flags.integer('node-port')
  const ports = flags.list('tcp').map(pair => {
    const [port = '', target = port] = pair.split(':')
    const made = servicePort(pair.replace(':', '-'), Number(port), target)
    return nodePort === undefined ? made : { ...made, nodePort }
  })
  const clusterIP = flags.text('clusterip')
  const externalName = flags.text('external-name')
  const isHeadless = clusterIP === 'None'
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') {
    throw new KubectlError('error: at least one tcp port specifier must be provided')
  }
  const labels = { app: name }
  const spec: ServiceSpec = {
    ...(ports.length > 0 && { ports }),
    selector: labels,
    type,
    ...(clusterIP !== undefined && { clusterIP }),
    ...(externalName !== undefined && { externalName }),
  }
  return service({ name, labels }, spec)
}

/** `registry/team/nginx:1.27` runs in a container called `nginx`. */
function containerName(image: string): string {
  const last = image.split('/').at(-1)!
  return last
    .split(/[:@]/)[0]!
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
}

function literals(invocation: Invocation): Record<string, string> {
  const { args, context } = invocation
  const data: Record<string, string> = {}
  for (const pair of args.flags.list('from-literal')) {
    const equals = pair.indexOf('=')
    if (equals < 1) {
      throw new KubectlError(`error: invalid literal source ${pair}, expected key=value`)
    }
    data[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  for (const source of args.flags.list('from-file')) {
    const equals = source.indexOf('=')
    const path = equals < 0 ? source : source.slice(equals + 1)
    const text = context.readFile(path)
    if (text === undefined) throw new KubectlError(`error: error reading ${path}: no such file or directory`)
    data[equals < 0 ? path.split('/').at(-1)! : source.slice(0, equals)] = text
  }
  return data
}
