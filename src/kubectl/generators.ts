/**
 * Objects made of a command line: what `kubectl create deployment web --image=nginx` sends.
 */
import {
  type AnyKind,
  ConfigMaps,
  Deployments,
  encodeBase64,
  Jobs,
  type KubeObject,
  Namespaces,
  type NewObject,
  Secrets,
  ServiceAccounts,
  Services,
} from '../api/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError } from './kubectl-error.ts'

export interface Generated {
  readonly kind: AnyKind
  readonly object: NewObject<KubeObject>
}

type Generator = (invocation: Invocation, name: string) => Generated

const GENERATORS: Readonly<Record<string, Generator>> = {
  deployment: deployment,
  deploy: deployment,
  namespace: (_, name) => plain(Namespaces, name, {}),
  ns: (_, name) => plain(Namespaces, name, {}),
  serviceaccount: (_, name) => plain(ServiceAccounts, name, {}),
  sa: (_, name) => plain(ServiceAccounts, name, {}),
  configmap: (invocation, name) => plain(ConfigMaps, name, { data: literals(invocation) }),
  cm: (invocation, name) => plain(ConfigMaps, name, { data: literals(invocation) }),
  job: job,
}

/** Throws KubectlError for what cannot be generated. */
export function generate(invocation: Invocation): Generated {
  const [type = '', ...rest] = invocation.args.words
  if (type === 'secret' && rest[0] === 'generic') {
    const data = Object.entries(literals(invocation)).map(([key, value]) => [key, encodeBase64(value)])
    return plain(Secrets, named('secret generic', rest[1]), {
      data: Object.fromEntries(data),
      type: 'Opaque',
    })
  }
  if (type === 'service' && rest[0] !== undefined)
    return service(invocation, rest[0], named('service', rest[1]))
  const generator = Object.hasOwn(GENERATORS, type) ? GENERATORS[type] : undefined
  if (!generator) throw new KubectlError(`error: kubectl create ${type} is not modelled; use -f`)
  return generator(invocation, named(type, rest[0]))
}

function named(type: string, name: string | undefined): string {
  if (name !== undefined) return name
  throw new KubectlError(
    `error: exactly one NAME is required, got 0\nSee 'kubectl create ${type} -h' for help and examples`,
  )
}

function plain(kind: AnyKind, name: string, rest: Record<string, unknown>): Generated {
  return { kind, object: { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, ...rest } }
}

function deployment(invocation: Invocation, name: string): Generated {
  const { flags } = invocation.args
  const images = flags.list('image')
  if (images.length === 0) throw new KubectlError('error: required flag(s) "image" not set')
  const port = flags.text('port')
  const containers = images.map((image, i) => ({
    name: containerName(image),
    image,
    resources: {},
    ...(i === 0 && port !== undefined && { ports: [{ containerPort: Number(port) }] }),
  }))
  const labels = { app: name }
  return {
    kind: Deployments,
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: flags.integer('replicas') ?? 1,
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { labels }, spec: { containers } },
      },
    } as NewObject<KubeObject>,
  }
}

function job(invocation: Invocation, name: string): Generated {
  const [image] = invocation.args.flags.list('image')
  if (image === undefined) throw new KubectlError('error: either --image or --from must be specified')
  const command = invocation.args.afterDashes
  return plain(Jobs, name, {
    spec: {
      template: {
        metadata: {},
        spec: {
          containers: [{ name, image, resources: {}, ...(command.length > 0 && { command: [...command] }) }],
          restartPolicy: 'Never',
        },
      },
    },
  })
}

function service(invocation: Invocation, type: string, name: string): Generated {
  const types: Readonly<Record<string, string>> = {
    clusterip: 'ClusterIP',
    nodeport: 'NodePort',
    loadbalancer: 'LoadBalancer',
  }
  const serviceType = types[type]
  if (!serviceType) throw new KubectlError(`error: kubectl create service ${type} is not modelled; use -f`)
  const ports = invocation.args.flags.list('tcp').map(pair => {
    const [port = '', targetPort = port] = pair.split(':')
    return {
      name: pair.replace(':', '-'),
      port: Number(port),
      protocol: 'TCP',
      targetPort: /^\d+$/.test(targetPort) ? Number(targetPort) : targetPort,
    }
  })
  const labels = { app: name }
  return {
    kind: Services,
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels },
      spec: { ports, selector: labels, type: serviceType },
    } as NewObject<KubeObject>,
  }
}

/** `registry/team/nginx:1.27` runs in a container called `nginx`. */
export function containerName(image: string): string {
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
