/** How webhooks are reached: by URL or by Service. Mirrors apiserver's pkg/util/webhook/validation.go. */
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain, isPortNumber, parseUrl } from '../../validation/index.ts'

const FORM = '; desired format: https://host[/path]'

export interface WebhookService {
  readonly namespace?: string
  readonly name?: string
  readonly path?: string
  readonly port?: number
}

export function validateWebhookUrl(text: string, path: string): FieldError[] {
  const url = parseUrl(text)
  if ('error' in url) return [required(path, `url must be a valid URL: ${url.error}${FORM}`)]
  const errors: FieldError[] = []
  const fail = (value: string, detail: string) => errors.push(invalidValue(path, value, detail))
  if (url.scheme !== 'https') fail(url.scheme, `'https' is the only allowed URL scheme${FORM}`)
  if (url.host === '') fail(url.host, `host must be provided${FORM}`)
  if (url.user !== undefined) fail(url.user, 'user information is not permitted in the URL')
  if (url.fragment !== '') fail(url.fragment, 'fragments are not permitted in the URL')
  if (url.rawQuery !== '') fail(url.rawQuery, 'query parameters are not permitted in the URL')
  return errors
}

export function validateWebhookService(service: WebhookService, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!service.name) errors.push(required(`${path}.name`, 'service name is required'))
  if (!service.namespace) errors.push(required(`${path}.namespace`, 'service namespace is required'))
  const port = service.port ?? 0
  const portComplaints = isPortNumber(port)
  if (portComplaints.length > 0) {
    errors.push(invalidValue(`${path}.port`, port, `port is not valid: ${portComplaints.join(', ')}`))
  }
  return [...errors, ...validateUrlPath(service.path, `${path}.path`)]
}

function validateUrlPath(urlPath: string | undefined, path: string): FieldError[] {
  if (!urlPath || urlPath === '/') return []
  if (urlPath === '//') return [invalidValue(path, urlPath, 'segment[0] may not be empty')]
  const errors = urlPath.startsWith('/') ? [] : [invalidValue(path, urlPath, "must start with a '/'")]
  urlPath
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((step, i) => {
      const complaints =
        step === '' ? [' may not be empty'] : isDns1123Subdomain(step).map(text => `: ${text}`)
      errors.push(...complaints.map(text => invalidValue(path, urlPath, `segment[${i}]${text}`)))
    })
  return errors
}
