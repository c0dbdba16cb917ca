import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../api/index.ts'
import { readConversion, reviewVersion } from './conversion-review.ts'

const ORIGINAL: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: {
    name: 'a',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'a' },
  },
}
const V2 = 'example.com/v2'
const WEBHOOK = 'conversion webhook for example.com/v1, Kind=Widget'

const widget = (more: object = {}, metadata: object = {}) => ({
  apiVersion: V2,
  kind: 'Widget',
  metadata: { name: 'a', namespace: 'default', uid: 'u', ...metadata },
  ...more,
})
const answer = (convertedObjects: readonly unknown[], response: object = {}, review: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'ConversionReview',
  response: { uid: '1', result: { status: 'Success' }, convertedObjects, ...response },
  ...review,
})
const read = (body: unknown, originals: readonly KubeObject[] = [ORIGINAL]) =>
  readConversion(body, '1', 'apiextensions.k8s.io/v1', V2, originals)

describe('the answer of a conversion webhook', () => {
  test('gives the objects, with the metadata they had but for labels and annotations', () => {
    const metadata = {
      resourceVersion: '99',
      labels: { app: 'b' },
      annotations: { x: 'y' },
      finalizers: ['no'],
    }
    expect(read(answer([widget({ size: 1 }, metadata)]))).toEqual({
      objects: [
        {
          apiVersion: V2,
          kind: 'Widget',
          size: 1,
          metadata: { ...ORIGINAL.metadata, labels: { app: 'b' }, annotations: { x: 'y' } },
        },
      ],
    })
    const [bare] = (read(answer([widget()])) as { objects: KubeObject[] }).objects
    expect(bare!.metadata.labels).toBeUndefined()
  })

  test.each([
    [undefined, "failed: couldn't get version/kind; json parse error: invalid character in the answer"],
    [answer([], {}, { response: undefined }), 'failed: no response provided'],
    [
      answer([widget()], {}, { kind: 'Review' }),
      'failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1, Kind=Review',
    ],
    [answer([widget()], { uid: '2' }), 'failed: expected response.uid="1", got "2"'],
    [answer([], { result: { status: 'Failure', message: 'no way' } }), 'failed: no way'],
    [
      answer([], { result: { status: 'Failure' } }),
      "failed: response.result.status was 'Failure', not 'Success'",
    ],
    [answer([]), 'returned 0 objects, expected 1'],
    [answer(['text']), 'returned invalid object: it is no object'],
    [
      answer([widget({ apiVersion: 'example.com/v3' })]),
      'returned invalid object: invalid groupVersion (expected example.com/v2, received example.com/v3)',
    ],
    [
      answer([widget({ kind: 'Other' })]),
      'returned invalid object: invalid kind (expected Widget, received Other)',
    ],
    [answer([widget({}, { name: 'b' })]), 'returned invalid object: must have the same name: a != b'],
    [
      answer([widget({}, { namespace: 'b' })]),
      'returned invalid object: must have the same namespace: default != b',
    ],
    [answer([widget({}, { uid: 'b' })]), 'returned invalid object: must have the same UID: u != b'],
    [
      answer([widget({}, { labels: 'x' })]),
      'returned invalid metadata: invalid metadata.labels of type string in converted object',
    ],
    [
      answer([widget({}, { annotations: { x: 1 } })]),
      'returned invalid metadata: metadata.annotations[x] must be a string, but is int64 in converted object',
    ],
  ])('%j is refused', (body, why) => {
    expect(read(body)).toEqual({ failure: `${WEBHOOK} ${why}` })
  })

  test('is spoken of by its place where there are several', () => {
    const second = { ...ORIGINAL, metadata: { ...ORIGINAL.metadata, name: 'b' } }
    expect(read(answer([widget(), widget()]), [ORIGINAL, second])).toEqual({
      failure: `${WEBHOOK} returned invalid converted object at index 1: must have the same name: b != a`,
    })
  })

  test('is asked for in the first review version that both know', () => {
    expect(reviewVersion(['v2', 'v1beta1', 'v1'])).toBe('apiextensions.k8s.io/v1beta1')
    expect(reviewVersion(['v3'])).toBeUndefined()
  })
})
