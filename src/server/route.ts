/**
 * What a URL asks for. Mirrors `RequestInfoFactory` of k8s.io/apiserver: `/api/v1/namespaces/default/pods/web/log`
 * is a verb, a group and version, a namespace, a resource, a name and a subresource; everything else is a path.
 */
import type { Verb } from '../client/index.ts'

/** A request for something under `/api` or `/apis`. */
export interface ResourceRoute {
  readonly isResource: true
  readonly verb: Verb
  /** `v1`, `apps/v1` */
  readonly apiVersion: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
  /** What follows the subresource, with its slash: for the proxies. */
  readonly rest: string
}

/** A request for anything else: `/healthz`, `/version`, `/apis`. */
export interface PathRoute {
  readonly isResource: false
  /** The method in lower case: what RBAC calls the verb of a non-resource URL. */
  readonly verb: string
  readonly path: string
}

export type Route = ResourceRoute | PathRoute

const VERBS: Readonly<Record<string, Verb>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Reads method, path (no query) and query. Undefined for a path that is no path: bad escapes, no leading slash. */
export function routeOf(method: string, path: string, query: URLSearchParams): Route | undefined {
  if (!path.startsWith('/')) return undefined
  const pathRoute: PathRoute = { isResource: false, verb: method.toLowerCase(), path }
  const parts = segmentsOf(path)
  if (!parts) return undefined
  const isCore = parts[0] === 'api'
  if ((!isCore && parts[0] !== 'apis') || parts.some(part => STEPS.has(part))) return pathRoute
  const group = isCore ? '' : parts[1]
  const version = parts[isCore ? 1 : 2]
  const rest = parts.slice(isCore ? 2 : 3)
  const verb = VERBS[method]
  if (group === undefined || version === undefined || rest.length === 0 || !verb) return pathRoute
  return resourceRoute(verb, group, version, rest, query)
}

/** What no part of a resource's path is: whoever looks at the path on the way might take it for another. */
const STEPS: ReadonlySet<string> = new Set(['', '.', '..'])

/** The parts between slashes, unescaped; a slash at the end counts for nothing. */
function segmentsOf(path: string): string[] | undefined {
  try {
    return path
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function resourceRoute(
  methodVerb: Verb,
  group: string,
  version: string,
  all: readonly string[],
  query: URLSearchParams,
): ResourceRoute {
  let parts = all
  let verb: Verb = methodVerb
  if (parts[0] === 'watch' && methodVerb === 'get' && parts.length > 1) {
    verb = 'watch'
    parts = parts.slice(1)
  }
  let namespace = ''
  if (parts[0] === 'namespaces' && parts.length > 1) {
    // `namespaces/x` and its subresources are the namespace itself; anything deeper is in it.
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2]!)) {
      namespace = parts[1]!
      parts = parts.slice(2)
    }
  }
  const [resource = '', name = '', subresource = '', ...rest] = parts
  if (name === '') {
    if (verb === 'get') verb = isTrue(query.get('watch')) ? 'watch' : 'list'
    else if (verb === 'delete') verb = 'deletecollection'
  }
  return {
    isResource: true,
    verb,
    apiVersion: group ? `${group}/${version}` : version,
    group,
    version,
    resource,
    namespace,
    name,
    subresource,
    rest: rest.length > 0 ? `/${rest.join('/')}` : '',
  }
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize'])

/** Go's strconv.ParseBool, and a parameter that is there without a value. */
export function isTrue(text: string | null): boolean {
  return text !== null && ['', '1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)
}
