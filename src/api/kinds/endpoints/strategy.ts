/** How Endpoints are created and changed. Mirrors `ValidateEndpoints` of pkg/apis/core/validation. */
import type { EndpointAddress, EndpointSubset } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, required } from '../../field-error.ts'
import { isDns1123Label, isDns1123Subdomain, isIp } from '../../validation/index.ts'
import { changeField, fill, mapKept } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf, checkPort, checkText, PROTOCOLS } from '../shared/rules.ts'
import type { EndpointsObject } from './types.ts'

export const endpointsStrategy: Strategy<EndpointsObject> = {
  defaults: endpoints =>
    changeField(endpoints, 'subsets', subsets =>
      mapKept(subsets, subset =>
        changeField(subset, 'ports', ports => mapKept(ports, port => fill(port, { protocol: 'TCP' }))),
      ),
    ),
  validate: endpoints => [
    ...checkMetadata(endpoints, isDns1123Subdomain),
    ...validateSubsets(endpoints.subsets),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...(next.subsets === old.subsets ? [] : validateSubsets(next.subsets)),
  ],
  allowsCreateOnUpdate: true,
}

function validateSubsets(subsets: readonly EndpointSubset[] | undefined): FieldError[] {
  return (subsets ?? []).flatMap((subset, i) => {
    const path = `subsets[${i}]`
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset
    const errors: FieldError[] = []
    if (addresses.length + notReadyAddresses.length === 0) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
    }
    addresses.forEach((address, a) => {
      errors.push(...validateAddress(address, `${path}.addresses[${a}]`))
    })
    notReadyAddresses.forEach((address, a) => {
      errors.push(...validateAddress(address, `${path}.notReadyAddresses[${a}]`))
    })
    ports.forEach((port, p) => {
      const portPath = `${path}.ports[${p}]`
      if (ports.length > 1 && !port.name) errors.push(required(`${portPath}.name`))
      else if (port.name) errors.push(...checkText(port.name, `${portPath}.name`, isDns1123Label))
      errors.push(...checkPort(port.port, `${portPath}.port`))
      errors.push(...checkOneOf(port.protocol, `${portPath}.protocol`, PROTOCOLS))
    })
    return errors
  })
}

function validateAddress(address: EndpointAddress, path: string): FieldError[] {
  const errors = checkText(address.ip ?? '', `${path}.ip`, isIp)
  if (address.hostname) errors.push(...checkText(address.hostname, `${path}.hostname`, isDns1123Label))
  if (address.nodeName) errors.push(...checkText(address.nodeName, `${path}.nodeName`, isDns1123Subdomain))
  return errors
}
