import { expect, test } from 'vitest'
import { parseImageName } from './image-name.ts'

test.each([
  ['nginx', 'docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx', 'docker.io/library/nginx:1.27'],
  ['bitnami/redis', 'docker.io/bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['docker.io/nginx', 'docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  [
    'gcr.io/google-samples/gb-frontend:v5',
    'gcr.io/google-samples/gb-frontend',
    'gcr.io/google-samples/gb-frontend:v5',
  ],
  [
    'gcr.io/google_samples/gb-redisslave:v1',
    'gcr.io/google_samples/gb-redisslave',
    'gcr.io/google_samples/gb-redisslave:v1',
  ],
  ['localhost:5000/app', 'localhost:5000/app', 'localhost:5000/app:latest'],
])('%s is %s', (image, repository, reference) => {
  expect(parseImageName(image)).toEqual({ repository, reference })
})

test.each(['Nginx', 'a//b', '', 'nginx:', 'nginx:a b', 'nginx@sha256:12'])('%j is no reference', image => {
  expect(parseImageName(image)).toBeUndefined()
})

test('a digest stands in the reference', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  expect(parseImageName(`nginx@${digest}`)?.reference).toBe(`docker.io/library/nginx@${digest}`)
})
