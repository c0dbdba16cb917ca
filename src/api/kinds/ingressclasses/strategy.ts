/** How IngressClasses are created and changed. Mirrors pkg/apis/networking (defaults and validation). */
import type { IngressClassParametersReference } from 'kubernetes-types/networking/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, required, tooLong } from '../../field-error.ts'
import { isDns1123Subdomain, isPathSegment, validateImmutable } from '../../validation/index.ts'
import { changeField, fill } from '../shared/fill.ts'
import { counted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkOneOf } from '../shared/rules.ts'
import type { IngressClass } from './types.ts'

const CONTROLLER_MAXIMUM = 250

export const ingressClassStrategy: Strategy<IngressClass> = {
  defaults: ingressClass =>
    changeField(ingressClass, 'spec', spec =>
      changeField(spec, 'parameters', parameters => fill(parameters, { scope: 'Cluster' })),
    ),
  prepareForCreate: counted,
  validate: ingressClass => [
    ...checkMetadata(ingressClass, isDns1123Subdomain, false),
    ...validateSpec(ingressClass.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    return [
      ...errors,
      ...validateParameters(next.spec.parameters, 'spec.parameters'),
      ...validateImmutable(next.spec.controller, old.spec.controller, 'spec.controller'),
    ]
  },
}

function validateSpec({ controller = '', parameters }: IngressClass['spec']): FieldError[] {
  const path = 'spec.controller'
  const errors = controller.length > CONTROLLER_MAXIMUM ? [tooLong(path, CONTROLLER_MAXIMUM)] : []
  return [
    ...errors,
    ...validatePrefixedPath(controller, path),
    ...validateParameters(parameters, 'spec.parameters'),
  ]
}

/** `example.com/controller` */
function validatePrefixedPath(text: string, path: string): FieldError[] {
  if (text === '') return [required(path)]
  const [domain = '', ...rest] = text.split('/')
  if (domain === '' || rest.join('/') === '') {
    return [invalidValue(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  }
  return isDns1123Subdomain(domain).map(complaint => invalidValue(path, domain, complaint))
}

function validateParameters(
  parameters: IngressClassParametersReference | undefined,
  path: string,
): FieldError[] {
  if (!parameters) return []
  const { apiGroup, kind, name, namespace, scope } = parameters
  const errors: FieldError[] = []
  if (apiGroup !== undefined) errors.push(...checkName(apiGroup, `${path}.apiGroup`, isDns1123Subdomain))
  errors.push(...checkName(kind, `${path}.kind`, isPathSegment))
  errors.push(...checkName(name, `${path}.name`, isPathSegment))
  errors.push(...checkOneOf(scope, `${path}.scope`, ['Cluster', 'Namespace']))
  if (scope === 'Namespace' && !namespace) {
    errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
  }
  if (scope === 'Cluster' && namespace !== undefined) {
    errors.push(fieldForbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"))
  }
  return errors
}
