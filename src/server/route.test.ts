import { describe, expect, test } from 'vitest'
import { routeOf } from './route.ts'

const route = (method: string, url: string) => {
  const [path = '', query = ''] = url.split('?')
  return routeOf(method, path, new URLSearchParams(query))
}

describe('a URL is', () => {
  test.each([
    ['GET', '/api/v1/pods', 'list', 'v1', '', 'pods', '', ''],
    ['GET', '/api/v1/pods?watch=true', 'watch', 'v1', '', 'pods', '', ''],
    ['GET', '/api/v1/watch/pods', 'watch', 'v1', '', 'pods', '', ''],
    ['GET', '/api/v1/namespaces/x', 'get', 'v1', '', 'namespaces', 'x', ''],
    ['PUT', '/api/v1/namespaces/x/finalize', 'update', 'v1', '', 'namespaces', 'x', 'finalize'],
    ['GET', '/api/v1/namespaces/x/pods/y/log', 'get', 'v1', 'x', 'pods', 'y', 'log'],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/x/deployments',
      'deletecollection',
      'apps/v1',
      'x',
      'deployments',
      '',
      '',
    ],
    ['PATCH', '/apis/apps/v1/namespaces/x/deployments/y/', 'patch', 'apps/v1', 'x', 'deployments', 'y', ''],
    ['GET', '/api/v1/nodes/n%2F1', 'get', 'v1', '', 'nodes', 'n/1', ''],
  ])('%s %s', (method, url, verb, apiVersion, namespace, resource, name, subresource) => {
    expect(route(method, url)).toMatchObject({
      isResource: true,
      verb,
      apiVersion,
      namespace,
      resource,
      name,
      subresource,
    })
  })

  test.each(['/healthz', '/apis', '/apis/apps/v1', '/version', '/'])('no resource: %s', url => {
    expect(route('GET', url)).toEqual({ isResource: false, verb: 'get', path: url })
  })

  test.each(['', 'x', '/api/v1/pods/%zz'])('nothing at all: %j', url => {
    expect(route('GET', url)).toBeUndefined()
  })
})
