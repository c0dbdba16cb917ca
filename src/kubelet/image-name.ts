/** References to images, normalised as `distribution/reference` does: `nginx` is `docker.io/library/nginx:latest`. */
import { LIMITS } from '../sim/index.ts'

export interface ImageName {
  /** `docker.io/library/nginx` */
  readonly repository: string
  /** With tag or digest: `docker.io/library/nginx:latest`. */
  readonly reference: string
}

/** Undefined for what is no reference (upper case in the repository, empty parts). */
export function parseImageName(image: string): ImageName | undefined {
  if (known.has(image)) return known.get(image)
  const name = parse(image)
  if (known.size >= LIMITS.memoisedValues) known.clear()
  known.set(image, name)
  return name
}

/** What is wrong with a reference, as distribution/reference words it; undefined when nothing is. */
export function referenceFault(image: string): string | undefined {
  if (parseImageName(image)) return undefined
  const fault = 'invalid reference format'
  const lower = image.toLowerCase()
  if (lower === image || !parseImageName(lower)) return fault
  const repository = image.replace(/@.*$/, '').replace(/:[^/]*$/, '')
  const isLibrary = !repository.includes('/')
  return `${fault}: repository name (${isLibrary ? 'library/' : ''}${pathOf(repository)}) must be lowercase`
}

/** Without the registry's domain. */
function pathOf(repository: string): string {
  const [first = '', ...rest] = repository.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? rest.join('/') : repository
}

const known = new Map<string, ImageName | undefined>()

function parse(image: string): ImageName | undefined {
  const [named = '', digest] = image.split('@')
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  const path = colon < 0 ? named : named.slice(0, colon)
  const tag = colon < 0 ? undefined : named.slice(colon + 1)
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined
  if (digest !== undefined && !/^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest)) return undefined
  const first = path.split('/')[0]!
  const hasDomain = path.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  const domain = hasDomain ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io'
  let rest = hasDomain ? path.slice(first.length + 1) : path
  if (!/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(rest)) return undefined
  if (domain === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`
  const repository = `${domain}/${rest}`
  const suffix = `${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
  return { repository, reference: repository + (suffix || ':latest') }
}
